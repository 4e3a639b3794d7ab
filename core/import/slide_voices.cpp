// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/slide_voices.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace rostrum {

namespace {

using Files = std::vector<const FolderFile*>;
using Numbers = std::vector<std::int64_t>;

constexpr std::size_t kMostSlides = 10'000;

// Not in a folder of the folder; a deck that was made of a presentation may lie elsewhere.
bool at_top(const FolderFile& file) {
  return file.path.find('/') == file.path.npos || file.path.front() == '/';
}

Files files_of(const MediaFolder& folder, FileType type) {
  Files found;
  for (const auto& file : folder.files)
    if (file.type == type && at_top(file)) found.push_back(&file);
  return found;
}

// One number for each file: the first of those in its name that is another one in every name.
std::optional<Numbers> telling_numbers(const Files& files) {
  std::vector<Numbers> all;
  std::size_t fewest = files.empty() ? 0 : SIZE_MAX;
  for (const auto* file : files) {
    all.push_back(numbers_in(stem_of(file->path)));
    fewest = std::min(fewest, all.back().size());
  }
  for (std::size_t position = 0; position < fewest; ++position) {
    Numbers chosen;
    for (const auto& numbers : all) chosen.push_back(numbers[position]);
    if (std::set<std::int64_t>(chosen.begin(), chosen.end()).size() == chosen.size()) return chosen;
  }
  return {};
}

// The numbers that slides are called by: those in the names of pictures if they hold all of the
// voices' ones, else 1, 2, ….
std::map<std::int64_t, std::size_t> numbered(const std::vector<Slide>& slides,
                                             const Numbers& voices) {
  std::map<std::int64_t, std::size_t> index;
  Files pictures;
  for (const auto& slide : slides)
    if (slide.file->type == FileType::picture) pictures.push_back(slide.file);
  if (pictures.size() == slides.size())
    if (const auto numbers = telling_numbers(pictures))
      for (std::size_t i = 0; i < slides.size(); ++i) index.emplace((*numbers)[i], i);
  const bool all = std::all_of(voices.begin(), voices.end(),
                               [&](std::int64_t number) { return index.contains(number); });
  if (!index.empty() && all) return index;
  index.clear();
  for (std::size_t i = 0; i < slides.size(); ++i)
    index.emplace(static_cast<std::int64_t>(i) + 1, i);
  return index;
}

// A name of nothing but a number says which slide it is for.
bool is_number(const FolderFile& file) {
  return stem_of(file.path).find_first_not_of("0123456789 ._-#") == std::string_view::npos;
}

// Takes the voices that are called as a picture is.
void match_names(const std::vector<Slide>& slides, Files& sounds, SlideVoices& voices) {
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < slides.size(); ++i)
    if (slides[i].file->type == FileType::picture)
      index.emplace(lower_case(stem_of(slides[i].file->path)), i);
  std::erase_if(sounds, [&](const FolderFile* sound) {
    const auto slide = index.find(lower_case(stem_of(sound->path)));
    if (slide == index.end() || voices.of_slide[slide->second]) return false;
    voices.of_slide[slide->second] = sound;
    return true;
  });
}

void match_numbers(const std::vector<Slide>& slides, Files& sounds, SlideVoices& voices) {
  const auto numbers = telling_numbers(sounds);
  if (!numbers) return;
  const auto index = numbered(slides, *numbers);
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    const auto slide = index.find((*numbers)[i]);
    if (slide == index.end() || voices.of_slide[slide->second]) {
      voices.others.push_back(sounds[i]);
    } else {
      voices.of_slide[slide->second] = sounds[i];
    }
  }
  sounds.clear();
}

}  // namespace

std::vector<Slide> slides_in(const MediaFolder& folder) {
  std::vector<Slide> slides;
  for (const auto* deck : files_of(folder, FileType::pdf))
    for (int page = 1; page <= deck->media.pages && slides.size() < kMostSlides; ++page)
      slides.push_back({deck, page});
  if (!slides.empty()) return slides;
  for (const auto* picture : files_of(folder, FileType::picture)) slides.push_back({picture, 1});
  return slides;
}

SlideVoices match_voices(const MediaFolder& folder, const std::vector<Slide>& slides) {
  SlideVoices voices;
  voices.of_slide.resize(slides.size());
  auto sounds = files_of(folder, FileType::sound);
  const bool alone = sounds.size() == 1 && slides.size() > 1;
  match_names(slides, sounds, voices);
  if (alone && sounds.size() == 1 && !is_number(*sounds[0])) {
    voices.whole = sounds[0];
    return voices;
  }
  match_numbers(slides, sounds, voices);
  if (sounds.size() == slides.size()) {
    voices.of_slide = std::move(sounds);
  } else {
    voices.others.insert(voices.others.end(), sounds.begin(), sounds.end());
  }
  return voices;
}

}  // namespace rostrum
