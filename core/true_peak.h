// SPDX-License-Identifier: LGPL-2.1-or-later
// The true peak of sound (ITU-R BS.1770-4, annex 2): the largest magnitude at its samples and at
// the three values that fourfold oversampling puts between two of them.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace rostrum {

inline constexpr std::size_t kOversampling = 4;
// A value between samples k and k + 1 is made of the samples k - kPeakReach + 1 … k + kPeakReach.
inline constexpr std::size_t kPeakReach = 24;
// Samples of which the peaks of n samples are made, beyond n.
inline constexpr std::size_t kPeakMargin = 2 * kPeakReach - 1;

// The largest magnitude of samples, all of them finite.
float sample_peak(std::span<const float> samples);

// Puts 0 in the place of what is not finite.
void silence_non_finite(std::span<float> samples);
bool all_finite(std::span<const float> samples);

class TruePeakMeter {
 public:
  explicit TruePeakMeter(std::size_t channels);

  // Of interleaved frames k - kPeakReach + 1 … k + n - 1 + kPeakReach: for each of the n frames
  // from k on the largest magnitude at it, and between it and the next one, in any channel.  Holds
  // until the next call.
  std::span<const float> measure(std::span<const float> frames);

  // No true peak is more than this times the largest sample of those that it is made of.
  float overshoot() const { return overshoot_; }

 private:
  using Phase = std::array<float, 2 * kPeakReach>;

  std::array<Phase, kOversampling - 1> phases_;
  float overshoot_ = 1;
  std::size_t channels_;
  std::vector<float> channel_;  // the samples of one
  std::vector<float> between_;  // values of one phase
  std::vector<float> peaks_;
};

}  // namespace rostrum
