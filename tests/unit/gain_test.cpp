// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/gain.h"
#include "core/clip_schedule.h"

#include <gtest/gtest.h>

#include <random>

namespace rostrum {
namespace {

std::vector<float> ones(std::size_t frames) { return std::vector<float>(2 * frames, 1.F); }

TEST(Gain, IsConstantBeyondItsPointsAndStraightBetween) {
  const GainCurve curve{{1s, 0.5}, {2s, 1.5}, {2s, 0.25}};
  EXPECT_EQ(gain_at(curve, 0), 0.5);
  EXPECT_EQ(gain_at(curve, 48'000), 0.5);
  EXPECT_DOUBLE_EQ(gain_at(curve, 72'000), 1.0);
  EXPECT_NEAR(gain_at(curve, 95'999), 1.5, 1e-4);
  EXPECT_EQ(gain_at(curve, 96'000), 0.25) << "a step holds from its sample on";
  EXPECT_EQ(gain_at(curve, 1'000'000), 0.25);
  EXPECT_EQ(gain_at({}, 7), 1.0);
}

TEST(Gain, DoesNotDependOnWhereASampleIsReached) {
  const GainCurve curve{{10ms, 0}, {333ms, 1.7}, {334ms, 0.1}, {800ms, 0.9}};
  auto whole = ones(48'000);
  apply_gain(curve, 0, whole, 2);
  std::minstd_rand random{1};
  auto parts = ones(48'000);
  for (std::size_t at = 0; at < 48'000;) {
    const auto count = std::min<std::size_t>(48'000 - at, 1 + random() % 3000);
    apply_gain(curve, static_cast<std::int64_t>(at), std::span{parts}.subspan(2 * at, 2 * count),
               2);
    at += count;
  }
  EXPECT_EQ(whole, parts);
  for (const std::int64_t n : {0, 480, 9'000, 15'983, 15'984, 16'032, 40'000})
    EXPECT_EQ(whole[static_cast<std::size_t>(2 * n + 1)], static_cast<float>(gain_at(curve, n)));
}

TEST(Gain, WithinAnIntervalIsWhatItWas) {
  const GainCurve curve{{1s, 1}, {2s, 0}, {3s, 0}, {4s, 1}, {9s, 1}};
  EXPECT_EQ(within(curve, {0s, 1s}), GainCurve{});
  EXPECT_EQ(within(curve, {2500ms, 2600ms}), (GainCurve{{2s, 0}, {3s, 0}}));
  EXPECT_EQ(within(curve, {500ms, 1500ms}), (GainCurve{{1s, 1}, {2s, 0}}));
  EXPECT_EQ(within(curve, {5s, 6s}), GainCurve{});
  EXPECT_EQ(within(curve, {3500ms, 20s}), (GainCurve{{3s, 0}, {4s, 1}, {9s, 1}}));
  EXPECT_EQ(within({{1s, 0.5}}, {7s, 8s}), (GainCurve{{1s, 0.5}}));
}

GainCurve faded(Interval part, Nanoseconds in, Nanoseconds out) {
  GainCurve curve;
  append_fade(curve, part, in, out);
  return curve;
}

TEST(Gain, OfFadesFitsIntoThePart) {
  EXPECT_EQ(faded({1s, 11s}, 2s, 3s), (GainCurve{{1s, 0}, {3s, 1}, {8s, 1}, {11s, 0}}));
  EXPECT_EQ(faded({1s, 11s}, 0s, 3s), (GainCurve{{8s, 1}, {11s, 0}}));
  EXPECT_EQ(faded({1s, 11s}, 2s, 0s), (GainCurve{{1s, 0}, {3s, 1}}));
  EXPECT_EQ(faded({0s, 5s}, 6s, 4s), (GainCurve{{0s, 0}, {3s, 1}, {5s, 0}}));
  EXPECT_EQ(faded({0s, 5s}, 0s, 0s), GainCurve{});
}

TEST(Gain, OfWhatFollowsAFadeIsWholeAgain) {
  auto curve = faded({0s, 5s}, 0s, 1s);
  append_fade(curve, {7s, 9s}, 0s, 0s);
  append_fade(curve, {9s, 12s}, 0s, 0s);
  append_fade(curve, {12s, 14s}, 1s, 0s);
  EXPECT_EQ(curve, (GainCurve{{4s, 1}, {5s, 0}, {7s, 1}, {12s, 0}, {13s, 1}}));
}

TEST(Gain, DuringTalkComesBeforeItAndGoesAfterIt) {
  const GainTiming timing{.lead = 100ms, .attack = 200ms, .hold = 500ms, .release = 1s};
  EXPECT_EQ(gain_during({{2s, 3s}}, 0.25, timing),
            (GainCurve{{1700ms, 1}, {1900ms, 0.25}, {3500ms, 0.25}, {4500ms, 1}}));
  EXPECT_EQ(gain_during({{2s, 3s}, {4s, 5s}}, 0.25, timing),
            (GainCurve{{1700ms, 1}, {1900ms, 0.25}, {5500ms, 0.25}, {6500ms, 1}}))
      << "no time to come back";
  EXPECT_EQ(gain_during({{50ms, 1s}}, 0.25, timing),
            (GainCurve{{0s, 0.25}, {1500ms, 0.25}, {2500ms, 1}}));
  EXPECT_EQ(gain_during({}, 0.25, timing), GainCurve{});
}

TEST(Gain, InDecibels) {
  EXPECT_DOUBLE_EQ(from_decibels(0), 1);
  EXPECT_NEAR(from_decibels(-6.0206), 0.5, 1e-6);
  EXPECT_DOUBLE_EQ(from_decibels(20), 10);
}

}  // namespace
}  // namespace rostrum
