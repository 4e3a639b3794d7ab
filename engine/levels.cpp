// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/levels.h"

#include "core/intervals.h"
#include "engine/audio_track.h"
#include "engine/fingerprint.h"
#include "engine/loudness_meter.h"

#include <glib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <thread>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kWindow = kSoundRate / 10;  // samples
// Longer than the meter's filters remember anything, so that a window's level does not depend on
// where listening began.
constexpr Nanoseconds kRunUp = 500ms;
// Parts to listen to begin and end at multiples of this, and one that lies between two of them is
// listened to as well: that takes less time than to go elsewhere in the file.
constexpr Nanoseconds kSpan = 5s;
constexpr char kLoudnessSuffix[] = ".lufs";
constexpr char kPeaksSuffix[] = ".peaks";
constexpr char kFormat[] = "rostrum levels 1\n";

std::int16_t tenths(double decibels) {
  if (!(decibels > kSilentLevel / 10)) return kSilentLevel;
  return static_cast<std::int16_t>(std::min<long>(std::lround(10 * decibels), 600));
}

std::int16_t level_of(double squares, std::int64_t count) {
  return tenths(count > 0 ? 10 * std::log10(squares / static_cast<double>(count)) : -HUGE_VAL);
}

double sum_of_squares(std::span<const float> samples) {
  double sum = 0;
  for (const float s : samples) sum += static_cast<double>(s) * static_cast<double>(s);
  return sum;
}

// A piece of a medium's sound, from sample `start` on; without samples where it is silent.
struct Block {
  std::int64_t start;
  std::int64_t count;
  std::span<const float> samples;

  std::int64_t end() const { return start + count; }
};

void add(LoudnessMeter& meter, const Block& block) {
  if (block.samples.empty())
    meter.add_silence(block.count);
  else
    meter.add(block.samples);
}

// The clips that play these parts of a file, each at its own time.
std::vector<TimelineClip> clips_of(const std::string& path, const std::vector<Interval>& parts) {
  std::vector<TimelineClip> clips;
  for (const auto& part : parts)
    clips.push_back({.location = path,
                     .asset = path,
                     .start = part.from,
                     .in = part.from,
                     .duration = part.to - part.from,
                     .size = {}});
  return clips;
}

// Hands over the sound of a file from 0 to `duration`, block by block; silence outside `parts`.
template <typename Take>
Result<void> read_sound(const std::string& path, Nanoseconds duration,
                        const std::vector<Interval>& parts, const std::stop_token& stop,
                        Take take) {
  TrackSettings settings{.schedule = ClipSchedule{clips_of(path, parts)},
                         .grid = FrameGrid{{25, 1}},
                         .played = {0ns, duration}};
  const auto signal = std::make_shared<DecoderSignal>();
  AudioTrack track{std::move(settings), signal};
  const std::stop_callback interrupt{stop, [&] { signal->set_flushing(true); }};
  const auto end = sample_at(duration);
  for (std::int64_t n = 0; n < end;) {
    auto step = track.samples(n, end, false);
    if (step.kind == AudioTrack::Step::Kind::flushing || stop.stop_requested())
      return fail(Kind::interrupted, "interrupted");
    GstMapInfo map;
    if (step.sound && gst_buffer_map(step.sound.get(), &map, GST_MAP_READ)) {
      const std::span samples{reinterpret_cast<const float*>(map.data), map.size / sizeof(float)};
      // A medium of floats may hold anything.
      const bool finite = std::isfinite(sum_of_squares(samples));
      take(Block{n, step.count, finite ? samples : std::span<const float>{}});
      gst_buffer_unmap(step.sound.get(), &map);
    } else {
      take(Block{n, step.count, {}});
    }
    n += step.count;
  }
  return {};
}

// Window by window.
class LevelMeter {
 public:
  LevelMeter(bool loudness, std::int64_t end) : end_{end} {
    if (loudness) meter_.emplace(LoudnessMeter::Wanted::windows);
  }

  void add(const Block& block, bool wanted) {
    if (!block.samples.empty() || wanted) hear(block);
    if (block.end() % kWindow == 0 || block.end() == end_) finish_window(block.end(), wanted);
  }

  SoundLevels levels() && { return std::move(levels_); }

 private:
  void hear(const Block& block) {
    squares_ += sum_of_squares(block.samples);
    if (!meter_) return;
    rostrum::add(*meter_, block);
    for (const float s : block.samples) peak_ = std::max(peak_, std::abs(s));
  }

  void finish_window(std::int64_t end, bool wanted) {
    const auto begin = (end - 1) / kWindow * kWindow;
    levels_.rms.push_back(wanted ? level_of(squares_, kSoundChannels * (end - begin))
                                 : kUnmeasured);
    if (meter_) levels_.loudness.push_back(wanted ? tenths(meter_->window()) : kUnmeasured);
    if (meter_)
      levels_.peaks.push_back(wanted ? tenths(20 * std::log10(static_cast<double>(peak_)))
                                     : kUnmeasured);
    squares_ = 0;
    peak_ = 0;
  }

  const std::int64_t end_;
  std::optional<LoudnessMeter> meter_;
  SoundLevels levels_;
  double squares_ = 0;
  float peak_ = 0;
};

// What a cache file holds, in the byte order of every machine that Debian runs GStreamer on but
// s390x, which just measures again.
bool parse(std::istream& file, Levels& levels) {
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

// One content, and what of it is to be known.
struct Content {
  const MediaInfo* info = nullptr;
  std::string content;
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
      const bool near = !spans.empty() && span.from - spans.back().to <= kSpan;
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

// Several at once; false when stopped.
bool measure_all(const std::vector<Content*>& unknown, const LevelCache& cache,
                 const LevelOptions& options) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  const auto work = [&] {
    for (std::size_t i = next++; i < unknown.size() && !stopped; i = next++) {
      auto& medium = *unknown[i];
      const auto found = measure_levels(medium.info->path, medium.info->duration,
                                        {options.loudness, medium.parts}, options.stop);
      if (!found) stopped = true;
      if (!found) return;
      merge(medium.known.rms, found->rms);
      merge(medium.known.loudness, found->loudness);
      merge(medium.known.peaks, found->peaks);
      cache.store(medium.content, medium.known);
    }
  };
  {
    const std::size_t most =
        options.threads ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < std::min(most, unknown.size()); ++i) workers.emplace_back(work);
  }
  return !stopped;
}

// Equal files under one key.
std::map<std::string, Content> by_content(const MediaMap& media, const SoundParts& parts) {
  std::map<std::string, Content> contents;
  for (const auto& [id, info] : media) {
    if (!info.usable() || !info.audio) continue;
    const auto content = fingerprint(info.path);
    auto& medium = contents[content.empty() ? info.path : content];
    medium.info = &info;
    medium.content = content;
    medium.assets.push_back(id);
    const auto wanted = parts.find(id);
    if (wanted == parts.end())
      medium.parts.push_back({0ns, info.duration});
    else
      medium.parts.insert(medium.parts.end(), wanted->second.begin(), wanted->second.end());
  }
  return contents;
}

}  // namespace

Result<SoundLevels> measure_levels(const std::string& path, Nanoseconds duration,
                                   const Listening& listening, const std::stop_token& stop) {
  const auto wanted = listening.parts.value_or(std::vector<Interval>{{0ns, duration}});
  auto played = wanted;
  for (auto& part : played) part.from = std::max(part.from - kRunUp, 0ns);
  LevelMeter meter{listening.loudness, sample_at(duration)};
  auto part = wanted.begin();
  const auto add = [&](const Block& block) {
    const auto last = sample_time(block.end() - 1);
    while (part != wanted.end() && part->to <= last) ++part;
    meter.add(block, part != wanted.end() && part->contains(last));
  };
  const auto heard = read_sound(path, duration, merged(played), stop, [&](Block block) {
    while (block.count > 0) {  // of sound there is never more than a window
      const auto end = std::min(block.end(), (block.start / kWindow + 1) * kWindow);
      add({block.start, end - block.start, block.samples});
      block.count = block.end() - end;
      block.start = end;
    }
  });
  if (!heard) return tl::unexpected(heard.error());
  return std::move(meter).levels();
}

Result<ProgrammeLoudness> measure_programme(const std::string& path, Nanoseconds duration,
                                            const std::stop_token& stop) {
  LoudnessMeter meter{LoudnessMeter::Wanted::programme};
  const auto heard = read_sound(path, duration, {{0ns, duration}}, stop,
                                [&](const Block& block) { add(meter, block); });
  if (!heard) return tl::unexpected(heard.error());
  return meter.programme();
}

LevelCache LevelCache::of_user() {
  return LevelCache{std::string{g_get_user_cache_dir()} + "/rostrum/levels"};
}

SoundLevels LevelCache::find(const std::string& fingerprint) const {
  SoundLevels found;
  if (fingerprint.empty()) return found;
  const auto path = folder_ + "/" + fingerprint;
  for (const auto& [name, levels] : {std::pair{path, &found.rms},
                                     {path + kLoudnessSuffix, &found.loudness},
                                     {path + kPeaksSuffix, &found.peaks}}) {
    std::ifstream file{name, std::ios::binary};
    if (!file || !parse(file, *levels)) levels->clear();
  }
  return found;
}

void LevelCache::store(const std::string& fingerprint, const SoundLevels& levels) const {
  if (fingerprint.empty()) return;
  std::error_code error;
  fs::create_directories(folder_, error);
  const auto path = folder_ + "/" + fingerprint;
  write(path, levels.rms);
  if (!levels.loudness.empty()) write(path + kLoudnessSuffix, levels.loudness);
  if (!levels.peaks.empty()) write(path + kPeaksSuffix, levels.peaks);
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

Result<std::map<std::string, SoundLevels>> all_levels(const MediaMap& media,
                                                      const LevelCache& cache,
                                                      const LevelOptions& options) {
  auto contents = by_content(media, options.parts);
  std::vector<Content*> unknown;
  Nanoseconds total{0};
  for (auto& [key, medium] : contents) {
    medium.known = cache.find(medium.content);
    medium.parts = missing(medium, options.loudness);
    if (medium.parts.empty()) continue;
    unknown.push_back(&medium);
    for (const auto& part : medium.parts) total += part.to - part.from;
  }
  if (options.on_begin) options.on_begin(total);
  if (!measure_all(unknown, cache, options)) return fail(Kind::interrupted, "interrupted");
  std::map<std::string, SoundLevels> found;
  for (const auto& [key, medium] : contents)
    for (const auto& asset : medium.assets) found.emplace(asset, medium.known);
  return found;
}

}  // namespace rostrum
