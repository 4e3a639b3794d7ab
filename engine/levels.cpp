// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/levels.h"

#include "core/high_pass.h"
#include "core/intervals.h"
#include "engine/audio_track.h"
#include "engine/loudness_meter.h"
#include "engine/parallel.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace rostrum {

namespace {

constexpr std::int64_t kWindow = kSoundRate / 10;  // samples
// Longer than the meter's filters remember anything, so that a window's level does not depend on
// where listening began.
constexpr Nanoseconds kRunUp = 500ms;

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
  // Its beginning, which it then lacks.
  Block take_until(std::int64_t index) {
    Block taken{start, index - start, samples};
    if (!samples.empty()) {
      const auto values = static_cast<std::size_t>(taken.count * kSoundChannels);
      taken.samples = samples.first(values);
      samples = samples.subspan(values);
    }
    count -= taken.count;
    start = index;
    return taken;
  }
};

void add(LoudnessMeter& meter, const Block& block) {
  if (block.samples.empty())
    meter.add_silence(block.count);
  else
    meter.add(block.samples);
}

// The clips that play these parts of a file, each at its own time.
std::vector<TimelineClip> clips_of(const std::string& path, const std::vector<Interval>& parts,
                                   const SoundClock& clock = {}) {
  std::vector<TimelineClip> clips;
  for (const auto& part : parts)
    clips.push_back({.location = path,
                     .asset = path,
                     .start = part.from,
                     .in = part.from,
                     .duration = part.to - part.from,
                     .size = {},
                     .clock = clock});
  return clips;
}

std::int64_t end_of_window(const Block& block) {
  return std::min(block.end(), (block.start / kWindow + 1) * kWindow);
}

// Window by window. A medium of floats may hold anything.
template <typename Take>
void take_sound(Block block, Take& take) {
  while (block.count > 0) {
    auto part = block.take_until(end_of_window(block));
    if (!std::isfinite(sum_of_squares(part.samples))) part.samples = {};
    take(part);
  }
}

// Hands over the sound of clips that follow each other from 0 to `duration`, block by block.
// Kind::interrupted when stopped.
template <typename Take>
Result<void> read_clips(std::vector<TimelineClip> clips, Nanoseconds duration,
                        const std::stop_token& stop, Take take) {
  TrackSettings settings{.schedule = ClipSchedule{std::move(clips)},
                         .grid = FrameGrid{{25, 1}},
                         .played = {0ns, duration},
                         .keep_open = true};
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
      take_sound(
          {n, step.count, {reinterpret_cast<const float*>(map.data), map.size / sizeof(float)}},
          take);
      gst_buffer_unmap(step.sound.get(), &map);
    } else {
      take(Block{n, step.count, {}});
    }
    n += step.count;
  }
  return {};
}

// What a film of one channel makes of both (engine/graph.cpp).
class Downmix {
 public:
  Block of(const Block& block) {
    mean_.clear();
    for (std::size_t i = 0; i + 1 < block.samples.size(); i += kSoundChannels)
      mean_.push_back((block.samples[i] + block.samples[i + 1]) / 2);
    return {block.start, block.count, mean_};
  }

 private:
  std::vector<float> mean_;
};

// Loudness and greatest sample of what a high-pass, and the mix to one channel, leave.
class FilteredMeter {
 public:
  explicit FilteredMeter(const Listening& listening)
      : meter_{LoudnessMeter::Wanted::windows, channels_of(listening)} {
    if (listening.high_pass != 0) filter_.emplace(listening.high_pass, kSoundRate);
    if (listening.mono || listening.equal_channels) downmix_.emplace();
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
  static LoudnessMeter::Channels channels_of(const Listening& listening) {
    if (listening.mono) return LoudnessMeter::Channels::one;
    return listening.equal_channels ? LoudnessMeter::Channels::one_twice
                                    : LoudnessMeter::Channels::two;
  }
  void measure(const Block& both) {
    const auto block = downmix_ ? downmix_->of(both) : both;
    rostrum::add(meter_, block);
    for (const float s : block.samples) peak_ = std::max(peak_, std::abs(s));
  }

  LoudnessMeter meter_;
  std::optional<HighPass> filter_;
  std::optional<Downmix> downmix_;
  std::vector<float> filtered_;
  float peak_ = 0;
};

// Window by window.
class LevelMeter {
 public:
  LevelMeter(const Listening& listening, std::int64_t end) : end_{end} {
    if (listening.loudness) meter_.emplace(listening);
  }

  // Within one window; where it is not wanted, only what a filter has to know of it is looked at.
  void add(const Block& block, bool wanted) {
    if (!block.samples.empty() || wanted) hear(block);
    if (block.end() % kWindow == 0 || block.end() == end_) finish_window(block.end(), wanted);
  }

  SoundLevels levels() && { return std::move(levels_); }

 private:
  void hear(const Block& block) {
    squares_ += sum_of_squares(block.samples);
    if (meter_) meter_->add(block);
  }

  void finish_window(std::int64_t end, bool wanted) {
    const auto begin = (end - 1) / kWindow * kWindow;
    const auto squares = std::exchange(squares_, 0);
    levels_.rms.push_back(wanted ? level_of(squares, kSoundChannels * (end - begin)) : kUnmeasured);
    if (!meter_) return;
    const auto peak = tenths(meter_->take_peak());
    levels_.loudness.push_back(wanted ? tenths(meter_->window()) : kUnmeasured);
    levels_.peaks.push_back(wanted ? peak : kUnmeasured);
  }

  const std::int64_t end_;
  std::optional<FilteredMeter> meter_;
  SoundLevels levels_;
  double squares_ = 0;
};

// A programme is measured in pieces of so many whole windows, so that all cores take part.
constexpr Nanoseconds kPiece = 150s;

struct MeasuredPiece {
  WeightedPower power;
  float true_peak = 0;
};

// What is heard before the piece is for the filters, and for peaks that lie across its beginning.
// False when stopped.
bool measure_piece(const std::string& path, const Interval& piece, int channels,
                   MeasuredPiece& measured, const std::stop_token& stop) {
  const auto run_up = std::min(piece.from, kRunUp);
  auto clips = clips_of(path, {{piece.from - run_up, piece.to}});
  clips.front().start = 0ns;
  LoudnessMeter meter{LoudnessMeter::Wanted::windows_and_peak,
                      channels == 1 ? LoudnessMeter::Channels::one : LoudnessMeter::Channels::two};
  Downmix downmix;  // of one channel, which is read as two, that one
  const auto take = [&](Block block) {
    while (block.count > 0) {
      const auto part = block.take_until(end_of_window(block));
      add(meter, channels == 1 ? downmix.of(part) : part);
      if (part.end() == sample_at(run_up)) meter.forget_peak();  // of a wave that is cut there
      if (part.end() % kWindow == 0 && part.end() > sample_at(run_up))
        measured.power.push_back(power_of_lufs(meter.window()));
    }
  };
  const bool done =
      read_clips(std::move(clips), piece.to - piece.from + run_up, stop, take).has_value();
  measured.true_peak = meter.true_peak();
  return done;
}

ProgrammeLoudness loudness_of(const std::vector<MeasuredPiece>& pieces) {
  WeightedPower power;
  float peak = 0;
  for (const auto& piece : pieces) {
    power.insert(power.end(), piece.power.begin(), piece.power.end());
    peak = std::max(peak, piece.true_peak);
  }
  return programme_loudness(power, peak);
}

}  // namespace

std::size_t windows_before(Nanoseconds t) {
  return static_cast<std::size_t>((sample_at(t) + kWindow - 1) / kWindow);
}

SoundLevels measure_levels(const std::string& path, Nanoseconds duration,
                           const Listening& listening,
                           const std::function<void(Nanoseconds)>& on_position) {
  const auto wanted = listening.parts.value_or(std::vector<Interval>{{0ns, duration}});
  auto played = wanted;
  for (auto& part : played) part.from = std::max(part.from - kRunUp, 0ns);
  LevelMeter meter{listening, sample_at(duration)};
  auto part = wanted.begin();
  const auto add = [&](const Block& block) {
    const auto last = sample_time(block.end() - 1);
    while (part != wanted.end() && part->to <= last) ++part;
    meter.add(block, part != wanted.end() && part->contains(last));
  };
  const auto take = [&](Block block) {
    if (on_position) on_position(sample_time(block.start));
    while (block.count > 0) add(block.take_until(end_of_window(block)));
  };
  [[maybe_unused]] const auto heard =
      read_clips(clips_of(path, merged(played), listening.clock), duration, {}, take);
  return std::move(meter).levels();
}

Result<ProgrammeLoudness> measure_programme(const std::string& path, Nanoseconds duration,
                                            int channels, const std::stop_token& stop) {
  std::vector<MeasuredPiece> pieces(static_cast<std::size_t>((duration + kPiece - 1ns) / kPiece));
  const bool done = in_parallel(pieces.size(), 0, [&](std::size_t i) {
    const auto from = static_cast<std::int64_t>(i) * kPiece;
    return measure_piece(path, {from, std::min(from + kPiece, duration)}, channels, pieces[i],
                         stop);
  });
  if (!done) return fail(Kind::interrupted, "interrupted");
  return loudness_of(pieces);
}

}  // namespace rostrum
