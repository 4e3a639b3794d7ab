// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/level_cache.h"

#include "core/intervals.h"
#include "engine/fingerprint.h"
#include "engine/parallel.h"

#include <glib.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <sstream>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr char kLoudnessSuffix[] = ".lufs";
constexpr char kPeaksSuffix[] = ".peaks";
constexpr char kFormat[] = "rostrum levels 2\n";
// Parts to listen to begin and end at multiples of this.
constexpr Nanoseconds kSpan = 1s;
// What lies between two of them is listened to as well: that takes less time than to go elsewhere
// in the file.
constexpr Nanoseconds kBetween = 5s;

// Of a cache file: a thousand hours, the longest medium.
constexpr std::size_t kMostWindows = 36'000'000;

// What a cache file holds, in the byte order of every machine that Debian runs GStreamer on but
// s390x, which just measures again.
bool read(const std::string& path, Levels& levels) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  if (error || bytes > std::size(kFormat) + kMostWindows * sizeof(Levels::value_type)) return false;
  std::ifstream file{path, std::ios::binary};
  std::string head(std::size(kFormat) - 1, '\0');
  if (std::endian::native != std::endian::little) return false;
  if (!file.read(head.data(), static_cast<std::streamsize>(head.size())) || head != kFormat)
    return false;
  const std::string body{std::istreambuf_iterator<char>{file}, {}};
  if (body.size() % sizeof(Levels::value_type) != 0) return false;
  levels.resize(body.size() / sizeof(Levels::value_type));
  std::copy(body.begin(), body.end(), reinterpret_cast<char*>(levels.data()));
  return true;
}

// Under what name a part of the levels is kept that depends on the filter and on the channels.
std::string with_filter(const char* suffix, double high_pass, bool mono) {
  std::ostringstream text;
  text << suffix;
  if (high_pass != 0) text << '-' << high_pass;
  if (mono) text << "-mono";
  return text.str();
}

// One content, and what of it is to be known.
struct Content {
  const MediaInfo* info = nullptr;
  std::string content;
  double high_pass = 0;
  SoundLevels known;
  std::vector<Interval> parts;
  std::vector<std::string> assets;
};

bool measured(const Levels& levels, Interval span) {
  const auto index = [&](Nanoseconds t) {
    return std::min((t + kLoudnessWindow - 1ns) / kLoudnessWindow,
                    static_cast<std::int64_t>(levels.size()));
  };
  const auto from = levels.begin() + index(span.from);
  const auto to = levels.begin() + index(span.to);
  return from != to && std::find(from, to, kUnmeasured) == to;
}

// What has to be listened to, in whole spans.
std::vector<Interval> missing(const Content& medium, bool loudness) {
  const auto& known = medium.known;
  std::vector<Interval> spans;
  for (const auto& part : merged(medium.parts))
    for (auto at = std::max(part.from, 0ns) / kSpan * kSpan; at < part.to; at += kSpan) {
      const Interval span{at, std::min(at + kSpan, medium.info->duration)};
      if (measured(known.rms, span) &&
          (!loudness || (measured(known.loudness, span) && measured(known.peaks, span))))
        continue;
      const bool near = !spans.empty() && span.from - spans.back().to <= kBetween;
      if (near)
        spans.back().to = span.to;
      else
        spans.push_back(span);
    }
  std::erase_if(spans, [](const Interval& span) { return span.empty(); });
  return spans;
}

void merge(Levels& known, const Levels& found) {
  known.resize(std::max(known.size(), found.size()), kUnmeasured);
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i] != kUnmeasured) known[i] = found[i];
}

ToHear to_hear(const Content& medium, const LevelOptions& options) {
  return {medium.info->path,
          medium.info->duration,
          {.loudness = options.loudness,
           .high_pass = medium.high_pass,
           .mono = options.mono,
           .equal_channels = medium.info->audio->channels == 1,
           .clock = medium.info->clock,
           .parts = medium.parts}};
}

void take(Content& medium, const HeardSound& heard, const LevelCache& cache,
          const LevelOptions& options) {
  merge(medium.known.rms, heard.levels.rms);
  merge(medium.known.loudness, heard.levels.loudness);
  merge(medium.known.peaks, heard.levels.peaks);
  if (heard.problem.empty())
    cache.store(medium.content, medium.known, medium.high_pass, options.mono);
  else if (options.on_problem)
    for (const auto& asset : medium.assets) options.on_problem(asset, heard.problem);
}

// What the levels are of: by another clock they stand elsewhere.
std::string content_of(const MediaInfo& info, const MediaFiles& files) {
  auto content = fingerprint(files.open_or_none(info.path).link());
  if (content.empty() || info.clock.own()) return content;
  return content + "-" + std::to_string(info.clock.off) + (info.clock.times_right ? "t" : "");
}

// By asset. Megabytes of each file are hashed, so all cores take part.
std::map<std::string, std::string> contents_of(const MediaRefs& media, const MediaFiles& files) {
  std::map<std::string, std::string> contents;
  std::vector<std::pair<std::string*, const MediaInfo*>> wanted;
  for (const auto& [id, info] : media)
    if (info->usable() && info->audio) wanted.emplace_back(&contents[id], info);
  in_parallel(wanted.size(), 0, [&](std::size_t i) {
    *wanted[i].first = content_of(*wanted[i].second, files);
    return true;
  });
  return contents;
}

// Equal files, heard through the same filter, under one key.
std::map<std::string, Content> by_content(const MediaRefs& media, const LevelOptions& options) {
  std::map<std::string, Content> contents;
  for (const auto& [id, content] : contents_of(media, options.files)) {
    const auto& info = *media.find(id)->second;
    const auto filter = options.high_passes.find(id);
    const auto high_pass = filter == options.high_passes.end() ? 0 : filter->second;
    auto& medium =
        contents[with_filter((content.empty() ? info.path : content).c_str(), high_pass, false)];
    medium.info = &info;
    medium.content = content;
    medium.high_pass = high_pass;
    medium.assets.push_back(id);
    const auto wanted = options.parts.find(id);
    if (wanted == options.parts.end())
      medium.parts.push_back({0ns, info.duration});
    else
      medium.parts.insert(medium.parts.end(), wanted->second.begin(), wanted->second.end());
  }
  return contents;
}

}  // namespace

LevelCache LevelCache::of_user() {
  return LevelCache{std::string{g_get_user_cache_dir()} + "/rostrum/levels"};
}

SoundLevels LevelCache::find(const std::string& fingerprint, double high_pass, bool mono,
                             bool loudness) const {
  SoundLevels found;
  if (fingerprint.empty()) return found;
  const auto path = folder_ + "/" + fingerprint;
  const auto take = [](const std::string& name, Levels& levels) {
    if (!read(name, levels)) levels.clear();
  };
  take(path, found.rms);
  if (!loudness) return found;
  take(path + with_filter(kLoudnessSuffix, high_pass, mono), found.loudness);
  take(path + with_filter(kPeaksSuffix, high_pass, mono), found.peaks);
  return found;
}

void LevelCache::store(const std::string& fingerprint, const SoundLevels& levels, double high_pass,
                       bool mono) const {
  if (fingerprint.empty()) return;
  std::error_code error;
  fs::create_directories(folder_, error);
  const auto path = folder_ + "/" + fingerprint;
  write(path, levels.rms);
  if (!levels.loudness.empty())
    write(path + with_filter(kLoudnessSuffix, high_pass, mono), levels.loudness);
  if (!levels.peaks.empty()) write(path + with_filter(kPeaksSuffix, high_pass, mono), levels.peaks);
}

// Under a name of its own first: two renders, or two threads, may measure the same medium.
void LevelCache::write(const std::string& path, const Levels& levels) const {
  std::error_code error;
  static std::atomic<unsigned> count{0};
  const auto part = path + "." + std::to_string(getpid()) + "-" + std::to_string(count++) + ".part";
  std::ofstream out{part, std::ios::binary};
  out << kFormat;
  out.write(reinterpret_cast<const char*>(levels.data()),
            static_cast<std::streamsize>(levels.size() * sizeof levels[0]));
  out.close();
  if (out) fs::rename(part, path, error);
  if (!out || error) fs::remove(part, error);
}

Result<std::map<std::string, SoundLevels>> all_levels(const MediaRefs& media,
                                                      const LevelCache& cache, const Listen& listen,
                                                      const LevelOptions& options) {
  auto contents = by_content(media, options);
  std::vector<Content*> unknown;
  std::vector<ToHear> unheard;
  Nanoseconds total{0};
  for (auto& [key, medium] : contents) {
    medium.known = cache.find(medium.content, medium.high_pass, options.mono, options.loudness);
    merge(medium.known.rms, medium.info->levels);  // of this run, where no cache can be written
    medium.parts = missing(medium, options.loudness);
    if (medium.parts.empty()) continue;
    unknown.push_back(&medium);
    unheard.push_back(to_hear(medium, options));
    for (const auto& part : medium.parts) total += part.to - part.from;
  }
  if (options.on_begin) options.on_begin(total);
  const auto heard = listen(unheard);
  if (!heard) return tl::unexpected(heard.error());
  for (std::size_t i = 0; i < unknown.size(); ++i) take(*unknown[i], (*heard)[i], cache, options);
  std::map<std::string, SoundLevels> found;
  for (auto& [key, medium] : contents) {
    for (const auto& asset : std::span{medium.assets}.subspan(1))
      found.emplace(asset, medium.known);
    found.emplace(medium.assets.front(), std::move(medium.known));
  }
  return found;
}

}  // namespace rostrum
