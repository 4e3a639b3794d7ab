// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/levels.h"

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
constexpr char kLoudnessSuffix[] = ".lufs";
constexpr char kPeaksSuffix[] = ".peaks";
constexpr char kFormat[] = "rostrum levels 2\n";

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

// Hands over the sound of a file from 0 to `duration`, block by block.
template <typename Take>
Result<void> read_sound(const std::string& path, Nanoseconds duration, const SoundClock& clock,
                        const std::stop_token& stop, Take take) {
  TimelineClip clip{
      .location = path, .asset = path, .duration = duration, .size = {}, .clock = clock};
  TrackSettings settings{
      .schedule = ClipSchedule{{clip}}, .grid = FrameGrid{{25, 1}}, .played = {0ns, duration}};
  const auto signal = std::make_shared<DecoderSignal>();
  AudioTrack track{std::move(settings), signal};
  const std::stop_callback interrupt{stop, [&] { signal->set_flushing(true); }};
  const auto end = sample_at(duration);
  for (std::int64_t n = 0; n < end;) {
    auto step = track.samples(n, end, false);
    if (step.kind == AudioTrack::Step::Kind::flushing)
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

// What the levels are of: by another clock they stand elsewhere.
std::string content_of(const MediaInfo& info) {
  auto content = fingerprint(info.path);
  if (content.empty() || info.clock.own()) return content;
  return content + "-" + std::to_string(info.clock.off) + (info.clock.times_right ? "t" : "");
}

// A medium whose levels are not in the cache.
struct Unknown {
  const MediaInfo* info;
  std::string content;
  SoundLevels* levels;
};

// Several at once; false when stopped.
bool measure_all(const std::vector<Unknown>& unknown, const LevelCache& cache,
                 const LevelOptions& options) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  const auto work = [&] {
    for (std::size_t i = next++; i < unknown.size() && !stopped; i = next++) {
      const auto& [info, content, levels] = unknown[i];
      auto measured =
          measure_levels(info->path, info->duration, options.loudness, options.stop, info->clock);
      if (!measured) stopped = true;
      if (!measured) return;
      cache.store(content, *measured);
      *levels = std::move(*measured);
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

}  // namespace

Result<SoundLevels> measure_levels(const std::string& path, Nanoseconds duration, bool loudness,
                                   const std::stop_token& stop, const SoundClock& clock) {
  SoundLevels levels;
  std::optional<LoudnessMeter> meter;
  if (loudness) meter.emplace(LoudnessMeter::Wanted::windows);
  double squares = 0;
  float peak = 0;
  const auto end = sample_at(duration);
  const auto heard = read_sound(path, duration, clock, stop, [&](const Block& block) {
    squares += sum_of_squares(block.samples);
    if (meter) {
      add(*meter, block);
      for (const float s : block.samples) peak = std::max(peak, std::abs(s));
    }
    const auto n = block.end();  // never over the end of a window: blocks end at every 50 ms
    if (n % kWindow != 0 && n < end) return;
    const auto begin = (n - 1) / kWindow * kWindow;
    levels.rms.push_back(level_of(squares, kSoundChannels * (n - begin)));
    if (meter) levels.loudness.push_back(tenths(meter->window()));
    if (meter) levels.peaks.push_back(tenths(20 * std::log10(static_cast<double>(peak))));
    squares = 0;
    peak = 0;
  });
  if (!heard) return tl::unexpected(heard.error());
  return levels;
}

Result<ProgrammeLoudness> measure_programme(const std::string& path, Nanoseconds duration,
                                            const std::stop_token& stop) {
  LoudnessMeter meter{LoudnessMeter::Wanted::programme};
  const auto heard =
      read_sound(path, duration, {}, stop, [&](const Block& block) { add(meter, block); });
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
  std::map<std::string, SoundLevels> found;
  std::vector<Unknown> unknown;
  Nanoseconds total{0};
  for (const auto& [id, info] : media) {
    if (!info.usable() || !info.audio) continue;
    const auto content = content_of(info);
    auto& levels = found[id] = cache.find(content);
    if (!levels.rms.empty() &&
        !(options.loudness && (levels.loudness.empty() || levels.peaks.empty())))
      continue;
    unknown.push_back({&info, content, &levels});
    total += info.duration;
  }
  if (options.on_begin) options.on_begin(total);
  if (!measure_all(unknown, cache, options)) return fail(Kind::interrupted, "interrupted");
  return found;
}

}  // namespace rostrum
