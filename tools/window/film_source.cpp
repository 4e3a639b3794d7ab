// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/window/film_source.h"

#include "core/render_journal.h"
#include "engine/input_file.h"
#include "engine/work_dir.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) { return read_text(path).value_or(std::string{}); }

}  // namespace

void FilmSource::look() {
  if (film_) return;
  read_work_dir();
  if (find_caps()) take(list_);
  if (opens_film()) open_film();
}

// In the film's order, for what comes first is seen first.
bool FilmSource::find_caps() {
  const auto before = done_.size();
  const auto look_at = [this](const auto& parts, std::size_t i) {
    if (i >= parts.size()) return;
    const auto& key = parts[i].key;
    if (written_.contains(key) && !done_.contains(key) && finder_.caps_of(path_of(key)))
      done_.insert(key);
  };
  const auto most = std::max(list_.chunks.size(), list_.sound.units.size());
  for (std::size_t i = 0; i < most; ++i) {
    look_at(list_.chunks, i);
    look_at(list_.sound.units, i);
  }
  return done_.size() > before;
}

void FilmSource::read_work_dir() {
  if (work_dir_.empty()) return;
  const fs::path dir{work_dir_};
  const auto listed = text_of(dir / kChunkListFile);
  const auto journal = text_of(dir / kJournalFile);
  if (listed.empty() || listed + journal == read_) return;
  auto list = parse_chunk_list(listed);
  if (list.chunks.empty()) return;
  read_ = listed + journal;
  written_.clear();
  for (auto& entry : parse_journal(journal)) {
    std::error_code error;  // what a killed render has left is rendered again
    if (fs::file_size(dir / entry.file, error) == static_cast<std::uintmax_t>(entry.bytes))
      written_.insert(std::move(entry.key));
  }
  std::erase_if(done_, [&](const std::string& key) { return !written_.contains(key); });
  take(std::move(list));
}

void FilmSource::take(ChunkList list) {
  if (list != list_) last_.clear();
  list_ = std::move(list);
  finished_ = FinishedFilm{list_, done_};
  sound_times_ = times_of(list_.sound);
}

void FilmSource::set_film(std::string path) {
  film_path_ = std::move(path);
  look();  // the list may have changed with the last chunks
}

void FilmSource::open_film() {
  const auto caps = finder_.caps_of(film_path_);
  if (!caps) return;
  const auto film = PacketFile::open(std::exchange(film_path_, {}), *caps);
  if (!film) return;
  auto list = list_.chunks.empty() ? list_of_film((*film)->moov()) : std::optional{list_};
  if (!list) return;
  film_ = *film;
  for (const auto& chunk : list->chunks) done_.insert(chunk.key);
  for (const auto& unit : list->sound.units) done_.insert(unit.key);
  take(std::move(*list));
}

std::string FilmSource::path_of(const std::string& key) const {
  return (fs::path{work_dir_} / kChunksFolder / (key + ".mp4")).string();
}

std::shared_ptr<const PacketFile> FilmSource::open(const std::string& key) {
  if (film_) return film_;
  const auto caps = done_.contains(key) ? finder_.caps_of(path_of(key)) : nullptr;
  if (!caps) return nullptr;
  auto file = PacketFile::open(path_of(key), *caps);
  return file ? std::move(*file) : nullptr;
}

FilmPartPtr FilmSource::make_pictures(std::size_t chunk) {
  const auto& [frames, key] = list_.chunks[chunk];
  auto file = open(key);
  if (!file) return nullptr;
  const auto before = list_.chunks.front().frames.first;
  const FrameRange wanted{frames.first - before, frames.end - before};
  const auto first = film_ ? 0 : wanted.first;
  auto packets = picture_packets(file->moov(), FrameGrid{list_.rate}, first, wanted);
  auto caps = file->caps(false);
  if (!packets || !caps) return nullptr;
  return std::make_shared<FilmPart>(std::move(file), std::move(caps), std::move(*packets));
}

FilmPartPtr FilmSource::make_sound(std::size_t unit) {
  const auto& [key, skip, keep] = list_.sound.units[unit];
  auto file = open(key);
  if (!file) return nullptr;
  PacketRun run{0, skip, keep};
  for (std::size_t i = 0; i < unit; ++i) run.number += list_.sound.units[i].keep;
  if (film_) run.skip = run.number;
  auto packets = sound_packets(file->moov(), list_.sound, run);
  auto caps = file->caps(true);
  if (!packets || !caps) return nullptr;
  const auto own = run.keep < 0 ? 0 : packets->size() - static_cast<std::size_t>(run.keep);
  return std::make_shared<FilmPart>(std::move(file), std::move(caps), std::move(*packets), own);
}

FilmPartPtr FilmSource::part(bool sound, std::size_t number) {
  auto& [last, part] = last_[sound];
  if (!part || last != number) part = sound ? make_sound(number) : make_pictures(number);
  last = number;
  return part;
}

std::size_t FilmSource::part_at(bool sound, Nanoseconds t) const {
  if (!sound) return finished_.chunk_at(t);
  const auto after =
      std::upper_bound(sound_times_.begin(), sound_times_.end(), t,
                       [](Nanoseconds value, const Interval& when) { return value < when.from; });
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - sound_times_.begin(), 1)) - 1;
}

}  // namespace rostrum
