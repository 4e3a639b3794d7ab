// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/true_peak.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace rostrum {
namespace {

std::vector<float> sine(double cycles_per_sample, double phase, std::size_t n) {
  std::vector<float> samples(n);
  for (std::size_t k = 0; k < n; ++k)
    samples[k] = static_cast<float>(std::sin(
        2 * std::numbers::pi * (cycles_per_sample * static_cast<double>(k) + phase / 360)));
  return samples;
}

double decibels_of(std::span<const float> peaks) {
  return 20 * std::log10(*std::max_element(peaks.begin(), peaks.end()));
}

// The sines of EBU Tech 3341, tests 15 to 18, whose samples miss the peak by as much as they can.
TEST(TruePeak, IsFoundBetweenSamples) {
  struct Case {
    double frequency, phase, sample_peak;
  };
  for (const auto& c : {Case{1. / 4, 0, 0}, Case{1. / 4, 45, -3.01}, Case{1. / 6, 60, -1.25},
                        Case{1. / 8, 67.5, -0.69}}) {
    const auto samples = sine(c.frequency, c.phase, 480);
    EXPECT_NEAR(20 * std::log10(sample_peak(samples)), c.sample_peak, 0.01);
    TruePeakMeter meter{1};
    EXPECT_NEAR(decibels_of(meter.measure(samples)), 0, 0.01) << c.frequency << ' ' << c.phase;
  }
}

TEST(TruePeak, IsThatOfTheLoudestChannelAtItsFrame) {
  std::vector<float> frames(3 * 100);
  frames[3 * 50 + 2] = -0.5F;
  frames[3 * 60 + 1] = 0.25F;
  TruePeakMeter meter{3};
  const auto peaks = meter.measure(frames);
  ASSERT_EQ(peaks.size(), 100 - kPeakMargin);
  EXPECT_EQ(peaks[50 - (kPeakReach - 1)], 0.5F);
  EXPECT_EQ(*std::max_element(peaks.begin(), peaks.end()), 0.5F);
  EXPECT_GE(peaks[60 - (kPeakReach - 1)], 0.25F);
}

TEST(TruePeak, DoesNotDependOnWhichFramesAreMeasuredTogether) {
  std::vector<float> samples;
  for (int k = 0; k < 300; ++k) samples.push_back(static_cast<float>((k * k * 37 % 101) - 50));
  TruePeakMeter whole{1};
  const auto all = whole.measure(samples);
  for (const std::size_t n : {1U, 7U, 16U, 33U}) {
    TruePeakMeter meter{1};
    for (std::size_t k = 0; k + n <= all.size(); k += n) {
      const auto some = meter.measure(std::span{samples}.subspan(k, n + kPeakMargin));
      EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin() + static_cast<long>(k)));
    }
  }
}

TEST(TruePeak, IsBoundedByTheSamples) {
  TruePeakMeter meter{1};
  // The worst case: every sample has the sign of its tap.
  std::vector<float> samples(kPeakMargin + 1);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = (i % 2 == 0) ? 1.F : -1.F;
  for (std::size_t i = kPeakReach; i < samples.size(); ++i) samples[i] = -samples[i];
  const float peak = meter.measure(samples)[0];
  EXPECT_GT(peak, meter.overshoot() * 0.98F);
  EXPECT_LE(peak, meter.overshoot());
}

TEST(TruePeak, OfTooFewFramesThereIsNone) {
  TruePeakMeter meter{2};
  EXPECT_TRUE(meter.measure(std::vector<float>(2 * kPeakMargin)).empty());
  EXPECT_TRUE(meter.measure({}).empty());
}

TEST(Samples, NotFiniteOnesBecomeSilence) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kLargest = std::numeric_limits<float>::max();
  for (std::size_t at = 0; at < 19; ++at) {
    for (const float bad : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
      std::vector<float> samples(19, kLargest);
      EXPECT_TRUE(all_finite(samples));
      samples[at] = bad;
      EXPECT_FALSE(all_finite(samples));
      silence_non_finite(samples);
      EXPECT_EQ(samples[at], 0);
      EXPECT_EQ(std::count(samples.begin(), samples.end(), kLargest), 18);
    }
  }
}

}  // namespace
}  // namespace rostrum
