// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/loudness_meter.h"

#include "core/true_peak.h"
#include "engine/sound_conform.h"

#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>
#include <optional>
#include <vector>

namespace rostrum {

namespace {

constexpr auto kWindow = static_cast<unsigned long>(kLoudnessWindow / std::chrono::milliseconds{1});

// The largest true peak of what came so far, but for the last half filter.
class GreatestPeak {
 public:
  explicit GreatestPeak(std::size_t channels)
      : meter_{channels},
        frames_((kPeakReach - 1) * channels),
        margin_{kPeakMargin * channels},
        step_{kStep * channels} {}

  void add(std::span<const float> samples) {
    frames_.insert(frames_.end(), samples.begin(), samples.end());
    if (frames_.size() <= margin_) return;
    for (std::size_t at = 0; at + margin_ < frames_.size(); at += step_)
      look_at(std::span{frames_}.subspan(at, std::min(step_ + margin_, frames_.size() - at)));
    frames_.erase(frames_.begin(), frames_.end() - static_cast<std::ptrdiff_t>(margin_));
  }
  float peak() const { return peak_; }
  void forget() { peak_ = 0; }

 private:
  static constexpr std::size_t kStep = 256;  // frames; speech has as many that are quiet

  void look_at(std::span<const float> frames) {
    if (sample_peak(frames) * meter_.overshoot() > peak_)
      peak_ = std::max(peak_, sample_peak(meter_.measure(frames)));
  }

  TruePeakMeter meter_;
  std::vector<float> frames_;
  std::size_t margin_;
  std::size_t step_;
  float peak_ = 0;
};

}  // namespace

struct LoudnessMeter::State {
  State(Wanted wanted, Channels which)
      : channels{which == Channels::two ? 2U : 1U},
        ebur128{ebur128_init(static_cast<unsigned>(channels), kSoundRate, EBUR128_MODE_M)} {
    if (!ebur128) throw std::bad_alloc{};
    if (which == Channels::one_twice) ebur128_set_channel(ebur128, 0, EBUR128_DUAL_MONO);
    if (wanted != Wanted::windows) peak.emplace(channels);
  }
  ~State() { ebur128_destroy(&ebur128); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::size_t channels;
  ebur128_state* ebur128;
  std::optional<GreatestPeak> peak;
};

LoudnessMeter::LoudnessMeter(Wanted wanted, Channels channels)
    : state_{std::make_unique<State>(wanted, channels)} {}

LoudnessMeter::~LoudnessMeter() = default;

void LoudnessMeter::add(std::span<const float> samples) {
  ebur128_add_frames_float(state_->ebur128, samples.data(), samples.size() / state_->channels);
  if (state_->peak) state_->peak->add(samples);
}

void LoudnessMeter::add_silence(std::int64_t frames) {
  static const std::vector<float> kSilent(4800 * kSoundChannels);
  for (; frames > 0; frames -= 4800)
    add(std::span{kSilent}.first(static_cast<std::size_t>(std::min<std::int64_t>(frames, 4800)) *
                                 state_->channels));
}

double LoudnessMeter::window() const {
  double lufs = -HUGE_VAL;
  ebur128_loudness_window(state_->ebur128, kWindow, &lufs);
  return lufs;
}

float LoudnessMeter::true_peak() const { return state_->peak ? state_->peak->peak() : 0; }

void LoudnessMeter::forget_peak() {
  if (state_->peak) state_->peak->forget();
}

}  // namespace rostrum
