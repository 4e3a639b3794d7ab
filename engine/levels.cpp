// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/levels.h"

#include "engine/audio_track.h"
#include "engine/fingerprint.h"

#include <glib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kWindow = kSoundRate / 10;  // samples
constexpr char kFormat[] = "rostrum levels 1\n";

std::int16_t level_of(double squares, std::int64_t count) {
  const double mean = count > 0 ? squares / static_cast<double>(count) : 0;
  if (mean <= 0) return kSilentLevel;
  const auto tenths = std::lround(100 * std::log10(mean));
  return static_cast<std::int16_t>(std::clamp<long>(tenths, kSilentLevel, 600));
}

double sum_of_squares(GstBuffer* sound) {
  GstMapInfo map;
  if (!sound || !gst_buffer_map(sound, &map, GST_MAP_READ)) return 0;
  const auto* values = reinterpret_cast<const float*>(map.data);
  double sum = 0;
  for (std::size_t i = 0; i < map.size / sizeof(float); ++i)
    sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  gst_buffer_unmap(sound, &map);
  return sum;
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

// A medium whose levels are not in the cache.
struct Unknown {
  const MediaInfo* info;
  std::string content;
  Levels* levels;
};

// Several at once; false when stopped.
bool measure_all(const std::vector<Unknown>& unknown, const LevelCache& cache,
                 const LevelOptions& options) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  const auto work = [&] {
    for (std::size_t i = next++; i < unknown.size() && !stopped; i = next++) {
      const auto& [info, content, levels] = unknown[i];
      auto measured = measure_levels(info->path, info->duration, options.stop);
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

Result<Levels> measure_levels(const std::string& path, Nanoseconds duration,
                              const std::stop_token& stop) {
  TimelineClip clip{.location = path, .asset = path, .duration = duration, .size = {}};
  TrackSettings settings{
      .schedule = ClipSchedule{{clip}}, .grid = FrameGrid{{25, 1}}, .played = {0ns, duration}};
  const auto signal = std::make_shared<DecoderSignal>();
  AudioTrack track{std::move(settings), signal};
  const std::stop_callback interrupt{stop, [&] { signal->set_flushing(true); }};
  const auto end = sample_at(duration);
  Levels levels;
  double squares = 0;
  for (std::int64_t n = 0; n < end;) {
    auto step = track.samples(n, end, false);
    if (step.kind == AudioTrack::Step::Kind::flushing)
      return fail(Kind::interrupted, "interrupted");
    squares += sum_of_squares(step.sound.get());
    n += step.count;  // never over the end of a window: steps end at every 50 ms
    if (n % kWindow != 0 && n < end) continue;
    const auto begin = (n - 1) / kWindow * kWindow;
    levels.push_back(level_of(squares, kSoundChannels * (n - begin)));
    squares = 0;
  }
  return levels;
}

LevelCache LevelCache::of_user() {
  return LevelCache{std::string{g_get_user_cache_dir()} + "/rostrum/levels"};
}

std::string LevelCache::file(const std::string& fingerprint) const {
  return folder_ + "/" + fingerprint;
}

Levels LevelCache::find(const std::string& fingerprint) const {
  std::ifstream file{this->file(fingerprint), std::ios::binary};
  Levels levels;
  if (!fingerprint.empty() && file && parse(file, levels)) return levels;
  return {};
}

void LevelCache::store(const std::string& fingerprint, const Levels& levels) const {
  if (fingerprint.empty()) return;
  std::error_code error;
  fs::create_directories(folder_, error);
  // Under a name of its own first: two renders may measure the same medium.
  const auto part = file(fingerprint) + "." + std::to_string(getpid()) + ".part";
  std::ofstream out{part, std::ios::binary};
  out << kFormat;
  out.write(reinterpret_cast<const char*>(levels.data()),
            static_cast<std::streamsize>(levels.size() * sizeof levels[0]));
  out.close();
  if (out) fs::rename(part, file(fingerprint), error);
  if (!out || error) fs::remove(part, error);
}

Result<std::map<std::string, Levels>> all_levels(const MediaMap& media, const LevelCache& cache,
                                                 const LevelOptions& options) {
  std::map<std::string, Levels> found;
  std::vector<Unknown> unknown;
  Nanoseconds total{0};
  for (const auto& [id, info] : media) {
    if (!info.usable() || !info.audio) continue;
    const auto content = fingerprint(info.path);
    auto& levels = found[id] = cache.find(content);
    if (!levels.empty()) continue;
    unknown.push_back({&info, content, &levels});
    total += info.duration;
  }
  if (options.on_begin) options.on_begin(total);
  if (!measure_all(unknown, cache, options)) return fail(Kind::interrupted, "interrupted");
  return found;
}

}  // namespace rostrum
