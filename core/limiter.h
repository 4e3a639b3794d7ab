// SPDX-License-Identifier: LGPL-2.1-or-later
// Which gain keeps the true peak of sound at or below a ceiling.  The gain of a frame is a function
// of the frames from pre_roll before it to look_ahead after it and of nothing else, so that sound
// rendered in pieces is that rendered as a whole.  docs/elements/truepeaklimiter.md has the method.
#pragma once

#include "core/gain_envelope.h"
#include "core/true_peak.h"

#include <chrono>

namespace rostrum {

inline constexpr std::chrono::milliseconds kLimiterAttack{5};
inline constexpr std::chrono::milliseconds kLimiterHold{80};
inline constexpr std::chrono::milliseconds kLimiterRelease{200};

constexpr EnvelopeShape limiter_shape(int rate) {
  const auto frames = [rate](std::chrono::milliseconds time) {
    return static_cast<std::size_t>(rate * time.count() / 1000);
  };
  return {.attack = frames(kLimiterAttack),
          .spread = kPeakReach,
          .hold = frames(kLimiterHold),
          .release = frames(kLimiterRelease)};
}

// Frames before and after a frame of which its gain is made.
constexpr std::size_t limiter_pre_roll(int rate) {
  return limiter_shape(rate).memory() + kPeakReach;
}
constexpr std::size_t limiter_look_ahead(int rate) {
  return limiter_shape(rate).look_ahead() + kPeakReach;
}

struct LimiterFormat {
  int rate = 48000;
  std::size_t channels = 2;
};

// Finds gains; the sound itself stays with the caller.
class Limiter {
 public:
  // The ceiling in dBTP.  Before the first frame there is silence.
  Limiter(const LimiterFormat& format, double ceiling);

  // The next interleaved frames, all samples finite; or frames of silence.
  void push(std::span<const float> frames);
  void push_silence(std::size_t frames);
  // After the last frame there is silence: all frames pushed get ready.  The last call.
  void finish() { push_silence(limiter_look_ahead(rate_)); }

  // Frames whose gain is known and not taken: those up to look_ahead before the last one pushed.
  std::size_t ready() const { return envelope_.ready(); }
  GainRun take(std::size_t most) { return envelope_.take(most); }

 private:
  void measure(std::size_t frames);

  int rate_;
  std::size_t channels_;
  float ceiling_;  // linear
  TruePeakMeter meter_;
  GainEnvelope envelope_;
  std::vector<float> sound_;  // from the first frame that is needed on
  std::vector<Reduction> needs_;
};

// Multiplies interleaved frames by their gains.
void apply_gains(std::span<const float> gains, std::span<float> frames);

}  // namespace rostrum
