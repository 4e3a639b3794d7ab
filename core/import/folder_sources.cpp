// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/folder_sources.h"

#include "core/findings.h"
#include "core/initials.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace rostrum {

namespace {

constexpr auto kLongestMeeting = std::chrono::hours{24};

using Sources = std::vector<FolderSource>;
using Lines = std::vector<std::string>;

const char* content_of(const FolderFile& file) {
  if (file.type == FileType::pdf) return "it is a deck";
  if (file.type == FileType::picture) return "it is a picture";
  return file.media.video ? "it has a picture" : "it has only sound";
}

TrackKind kind_by_content(const FolderFile& file) {
  if (file.type == FileType::pdf || file.type == FileType::picture) return TrackKind::slides;
  return file.media.video ? TrackKind::camera : TrackKind::microphone;
}

// What a medium can be at all: what has no picture is only heard, and a still one is a slide.
bool possible(TrackKind kind, const FolderFile& file) {
  const bool still = kind_by_content(file) == TrackKind::slides;
  if (still || kind == TrackKind::slides) return still && kind == TrackKind::slides;
  const bool seen = kind == TrackKind::camera || kind == TrackKind::screen;
  return seen ? file.media.video.has_value() : file.media.audio.has_value();
}

FolderSource source_of(const FolderFile& file) {
  FolderSource source{&file, guess_from_name(file.path), kind_by_content(file), {}, {}, {}, {}};
  source.why_kind = content_of(file);
  if (source.guess.kind && possible(*source.guess.kind, file)) {
    source.kind = *source.guess.kind;
    source.why_kind = "its name says " + in_quotes(source.guess.kind_word);
  }
  return source;
}

std::set<std::string> small_words(const FolderSource& source) {
  std::set<std::string> words;
  for (const auto& word : source.guess.words) words.insert(lower_case(word));
  return words;
}

// Words that all names have are of the meeting, not of a person; unless no name has another one.
std::set<std::string> common_words(const Sources& sources) {
  std::set<std::string> common;
  if (sources.size() < 2) return common;
  common = small_words(sources.front());
  for (const auto& source : sources) {
    const auto words = small_words(source);
    std::erase_if(common, [&](const auto& word) { return !words.contains(word); });
  }
  const bool others = std::any_of(sources.begin(), sources.end(), [&](const FolderSource& source) {
    return small_words(source).size() > common.size();
  });
  return others ? common : std::set<std::string>{};
}

void name_people(Sources& sources) {
  const auto common = common_words(sources);
  std::map<std::string, std::string> spelling;  // in small letters -> as it was met first
  for (auto& source : sources) {
    if (source.kind == TrackKind::slides || source.kind == TrackKind::audio) continue;
    std::string name;
    for (const auto& word : source.guess.words)
      if (!common.contains(lower_case(word))) name += (name.empty() ? "" : " ") + word;
    name = single_line(name);
    if (!name.empty()) source.person = spelling.try_emplace(lower_case(name), name).first->second;
  }
}

using TimeOf = std::optional<WallTime> (*)(const FolderSource&);

std::optional<WallTime> named_time(const FolderSource& source) { return source.guess.time; }
std::optional<WallTime> own_time(const FolderSource& source) {
  if (source.file->created) return WallTime{*source.file->created};
  return {};
}

std::ptrdiff_t count(const Sources& sources, TimeOf time_of) {
  return std::count_if(sources.begin(), sources.end(),
                       [&](const FolderSource& source) { return time_of(source).has_value(); });
}

bool set_by_times(Sources& sources, TimeOf time_of, const std::string& what, Lines& warnings) {
  std::optional<WallTime> first;
  std::optional<WallTime> last;
  for (const auto& source : sources) {
    const auto time = time_of(source);
    if (!time) continue;
    first = std::min(first.value_or(*time), *time);
    last = std::max(last.value_or(*time), *time);
  }
  if (*last - *first > kLongestMeeting) {
    warnings.push_back(what +
                       " are more than a day apart, so they are not of one meeting; all "
                       "media begin together");
    return false;
  }
  for (auto& source : sources) {
    if (const auto time = time_of(source)) {
      source.start = *time - *first;
      source.why_start = "by " + what;
    } else {
      source.why_start = "for want of a time";
    }
  }
  return true;
}

void set_by_parts(Sources& sources) {
  using Key = std::tuple<TrackKind, std::string, std::vector<std::string>>;
  std::map<Key, std::map<std::int64_t, FolderSource*>> recordings;
  for (auto& source : sources) {
    source.why_start = "for want of times";
    if (source.guess.part)
      recordings[{source.kind, source.person, source.guess.words}].emplace(*source.guess.part,
                                                                           &source);
  }
  for (auto& [key, parts] : recordings) {
    Nanoseconds at{0};
    for (auto& [number, part] : parts) {
      part->start = at;
      part->why_start = "as part " + std::to_string(number);
      at = part->end();
    }
  }
}

}  // namespace

Sources sources_in(const MediaFolder& folder, Lines& warnings) {
  Sources sources;
  for (const auto& file : folder.files) {
    if (file.type == FileType::other || file.type == FileType::presentation)
      warnings.push_back(in_quotes(file.path) + ": is no medium; it is not used");
    else if (!file.media.usable())
      warnings.push_back(in_quotes(file.path) + ": " + file.media.problem + "; it is not used");
    else
      sources.push_back(source_of(file));
  }
  name_people(sources);
  return sources;
}

void set_starts(Sources& sources, Lines& warnings) {
  const auto named = count(sources, named_time);
  const auto own = count(sources, own_time);
  if (std::max(named, own) > 1) {
    const bool by_name = named >= own;
    if (set_by_times(sources, by_name ? named_time : own_time,
                     by_name ? "the times in their names" : "the times of creation that they hold",
                     warnings))
      return;
  }
  set_by_parts(sources);
}

}  // namespace rostrum
