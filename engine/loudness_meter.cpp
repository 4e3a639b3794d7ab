// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/loudness_meter.h"

#include "engine/sound_conform.h"

#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

namespace rostrum {

namespace {

constexpr auto kWindow = static_cast<unsigned long>(kLoudnessWindow / std::chrono::milliseconds{1});

constexpr int kProgramme =
    EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM;

}  // namespace

struct LoudnessMeter::State {
  State(int mode, int count)
      : channels{static_cast<std::size_t>(count)},
        ebur128{ebur128_init(static_cast<unsigned>(count), kSoundRate, mode)} {
    if (!ebur128) throw std::bad_alloc{};
  }
  ~State() { ebur128_destroy(&ebur128); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::size_t channels;
  ebur128_state* ebur128;
};

LoudnessMeter::LoudnessMeter(Wanted wanted, int channels)
    : state_{std::make_unique<State>(wanted == Wanted::windows ? EBUR128_MODE_M : kProgramme,
                                     channels)} {}

LoudnessMeter::~LoudnessMeter() = default;

void LoudnessMeter::add(std::span<const float> samples) {
  ebur128_add_frames_float(state_->ebur128, samples.data(), samples.size() / state_->channels);
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

ProgrammeLoudness LoudnessMeter::programme() const {
  ProgrammeLoudness found;
  double integrated = -HUGE_VAL;
  ebur128_loudness_global(state_->ebur128, &integrated);
  if (std::isfinite(integrated)) found.integrated = integrated;
  ebur128_loudness_range(state_->ebur128, &found.range);
  double peak = 0;
  for (unsigned channel = 0; channel < state_->channels; ++channel) {
    double of_channel = 0;
    ebur128_true_peak(state_->ebur128, channel, &of_channel);
    peak = std::max(peak, of_channel);
  }
  if (peak > 0) found.true_peak = 20 * std::log10(peak);
  return found;
}

}  // namespace rostrum
