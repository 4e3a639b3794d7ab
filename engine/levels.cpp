// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/levels.h"

#include "core/high_pass.h"
#include "core/silent_clips.h"
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
#include <sstream>
#include <thread>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kWindow = kSoundRate / 10;  // samples
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

// Hands over the sound of clips that follow each other from 0 to `duration`, block by block, until
// `take` returns false.
template <typename Take>
Result<void> read_clips(std::vector<TimelineClip> clips, Nanoseconds duration,
                        const std::stop_token& stop, Take take) {
  TrackSettings settings{.schedule = ClipSchedule{std::move(clips)},
                         .grid = FrameGrid{{25, 1}},
                         .played = {0ns, duration}};
  const auto signal = std::make_shared<DecoderSignal>();
  AudioTrack track{std::move(settings), signal};
  const std::stop_callback interrupt{stop, [&] { signal->set_flushing(true); }};
  const auto end = sample_at(duration);
  bool wanted = true;
  for (std::int64_t n = 0; n < end && wanted;) {
    auto step = track.samples(n, end, false);
    if (step.kind == AudioTrack::Step::Kind::flushing)
      return fail(Kind::interrupted, "interrupted");
    GstMapInfo map;
    if (step.sound && gst_buffer_map(step.sound.get(), &map, GST_MAP_READ)) {
      const std::span samples{reinterpret_cast<const float*>(map.data), map.size / sizeof(float)};
      // A medium of floats may hold anything.
      const bool finite = std::isfinite(sum_of_squares(samples));
      wanted = take(Block{n, step.count, finite ? samples : std::span<const float>{}});
      gst_buffer_unmap(step.sound.get(), &map);
    } else {
      wanted = take(Block{n, step.count, {}});
    }
    n += step.count;
  }
  return {};
}

// The same of a whole file.
template <typename Take>
Result<void> read_sound(const std::string& path, Nanoseconds duration, const std::stop_token& stop,
                        Take take) {
  TimelineClip clip{.location = path, .asset = path, .duration = duration, .size = {}};
  return read_clips({std::move(clip)}, duration, stop, [&](const Block& block) {
    take(block);
    return true;
  });
}

// Loudness and greatest sample of what a high-pass leaves.
class FilteredMeter {
 public:
  explicit FilteredMeter(double high_pass) {
    if (high_pass != 0) filter_.emplace(high_pass, kSoundRate);
  }

  void add(const Block& block) {
    if (!filter_) return measure(block);
    filtered_.assign(block.samples.begin(), block.samples.end());
    filtered_.resize(static_cast<std::size_t>(block.count * kSoundChannels));  // silence goes on
    filter_->filter(filtered_);
    measure({block.start, block.count, filtered_});
  }
  double window() const { return meter_.window(); }
  double take_peak() { return 20 * std::log10(static_cast<double>(std::exchange(peak_, 0.0F))); }

 private:
  void measure(const Block& block) {
    rostrum::add(meter_, block);
    for (const float s : block.samples) peak_ = std::max(peak_, std::abs(s));
  }

  LoudnessMeter meter_{LoudnessMeter::Wanted::windows};
  std::optional<HighPass> filter_;
  std::vector<float> filtered_;
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

// Under what name a part of the levels is kept that depends on the filter.
std::string with_filter(const char* suffix, double high_pass) {
  std::ostringstream text;
  text << suffix;
  if (high_pass != 0) text << '-' << high_pass;
  return text.str();
}

// A medium whose levels are not in the cache.
struct Unknown {
  const MediaInfo* info;
  std::string content;
  double high_pass;
  SoundLevels* levels;
};

// Several at once; false when stopped.
bool measure_all(const std::vector<Unknown>& unknown, const LevelCache& cache,
                 const LevelOptions& options) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  const auto work = [&] {
    for (std::size_t i = next++; i < unknown.size() && !stopped; i = next++) {
      const auto& [info, content, high_pass, levels] = unknown[i];
      auto measured =
          measure_levels(info->path, info->duration, options.loudness, options.stop, high_pass);
      if (!measured) stopped = true;
      if (!measured) return;
      cache.store(content, *measured, high_pass);
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
                                   const std::stop_token& stop, double high_pass) {
  SoundLevels levels;
  std::optional<FilteredMeter> meter;
  if (loudness) meter.emplace(high_pass);
  double squares = 0;
  const auto end = sample_at(duration);
  const auto heard = read_sound(path, duration, stop, [&](const Block& block) {
    squares += sum_of_squares(block.samples);
    if (meter) meter->add(block);
    const auto n = block.end();  // never over the end of a window: blocks end at every 50 ms
    if (n % kWindow != 0 && n < end) return;
    const auto begin = (n - 1) / kWindow * kWindow;
    levels.rms.push_back(level_of(squares, kSoundChannels * (n - begin)));
    squares = 0;
    if (!meter) return;
    levels.loudness.push_back(tenths(meter->window()));
    levels.peaks.push_back(tenths(meter->take_peak()));
  });
  if (!heard) return tl::unexpected(heard.error());
  return levels;
}

Result<bool> sounds_at(const std::string& path, const std::vector<Nanoseconds>& spots,
                       Nanoseconds length, const std::stop_token& stop) {
  std::vector<TimelineClip> clips;
  for (const auto spot : spots)
    clips.push_back({.location = path,
                     .asset = path,
                     .start = length * static_cast<std::int64_t>(clips.size()),
                     .in = spot,
                     .duration = length,
                     .size = {}});
  bool silent = true;
  const auto end = length * static_cast<std::int64_t>(clips.size());
  const auto heard = read_clips(std::move(clips), end, stop, [&](const Block& block) {
    silent =
        level_of(sum_of_squares(block.samples), kSoundChannels * block.count) <= kDigitalSilence;
    return silent;
  });
  if (!heard) return tl::unexpected(heard.error());
  return !silent;
}

Result<ProgrammeLoudness> measure_programme(const std::string& path, Nanoseconds duration,
                                            const std::stop_token& stop) {
  LoudnessMeter meter{LoudnessMeter::Wanted::programme};
  const auto heard =
      read_sound(path, duration, stop, [&](const Block& block) { add(meter, block); });
  if (!heard) return tl::unexpected(heard.error());
  return meter.programme();
}

LevelCache LevelCache::of_user() {
  return LevelCache{std::string{g_get_user_cache_dir()} + "/rostrum/levels"};
}

SoundLevels LevelCache::find(const std::string& fingerprint, double high_pass) const {
  SoundLevels found;
  if (fingerprint.empty()) return found;
  const auto path = folder_ + "/" + fingerprint;
  for (const auto& [name, levels] :
       {std::pair{path, &found.rms},
        {path + with_filter(kLoudnessSuffix, high_pass), &found.loudness},
        {path + with_filter(kPeaksSuffix, high_pass), &found.peaks}}) {
    std::ifstream file{name, std::ios::binary};
    if (!file || !parse(file, *levels)) levels->clear();
  }
  return found;
}

void LevelCache::store(const std::string& fingerprint, const SoundLevels& levels,
                       double high_pass) const {
  if (fingerprint.empty()) return;
  std::error_code error;
  fs::create_directories(folder_, error);
  const auto path = folder_ + "/" + fingerprint;
  write(path, levels.rms);
  if (!levels.loudness.empty())
    write(path + with_filter(kLoudnessSuffix, high_pass), levels.loudness);
  if (!levels.peaks.empty()) write(path + with_filter(kPeaksSuffix, high_pass), levels.peaks);
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
    const auto content = fingerprint(info.path);
    const auto filter = options.high_passes.find(id);
    const auto high_pass = filter == options.high_passes.end() ? 0 : filter->second;
    auto& levels = found[id] = cache.find(content, high_pass);
    if (!levels.rms.empty() &&
        !(options.loudness && (levels.loudness.empty() || levels.peaks.empty())))
      continue;
    unknown.push_back({&info, content, high_pass, &levels});
    total += info.duration;
  }
  if (options.on_begin) options.on_begin(total);
  if (!measure_all(unknown, cache, options)) return fail(Kind::interrupted, "interrupted");
  return found;
}

}  // namespace rostrum
