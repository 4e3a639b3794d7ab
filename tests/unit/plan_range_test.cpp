// SPDX-License-Identifier: LGPL-2.1-or-later
// The curve that brings a programme's loudness range down.
#include "core/plan_range.h"

#include "core/clip_schedule.h"
#include "core/loudness.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rostrum {
namespace {

struct Passage {
  double seconds;
  double lufs;
};

WeightedPower programme(const std::vector<Passage>& passages) {
  WeightedPower power;
  for (const auto& p : passages)
    power.insert(power.end(), static_cast<std::size_t>(10 * p.seconds), power_of_lufs(p.lufs));
  return power;
}

// The curve's gain at a moment, in dB.
double at(const GainCurve& curve, double seconds) {
  return 20 * std::log10(gain_at(curve, std::llround(seconds * kSoundRate)));
}

WeightedPower ridden(WeightedPower power, const GainCurve& curve) {
  for (std::size_t w = 0; w < power.size(); ++w)
    power[w] *= std::pow(10, at(curve, 0.05 + 0.1 * static_cast<double>(w)) / 10);
  return power;
}

TEST(PlanRange, LeavesAProgrammeAloneThatIsNarrowEnough) {
  const auto power = programme({{30, -20}, {30, -24}});
  ASSERT_NEAR(loudness_range(power), 4, 0.01);
  EXPECT_TRUE(range_curve(power, 5).curve.empty());
  EXPECT_TRUE(range_curve(WeightedPower(600), 5).curve.empty()) << "silence";
}

TEST(PlanRange, BringsQuietPassagesUpAndLoudOnesDownToTheRange) {
  const auto power = programme({{40, -20}, {40, -32}, {40, -23}, {40, -36}});
  for (const double most : {12.0, 8.0, 5.0}) {
    const auto found = range_curve(power, most);
    const auto range = loudness_range(ridden(power, found.curve));
    EXPECT_LE(range, most);
    EXPECT_GE(range, most - 1.5) << "no more than is needed";
    EXPECT_NEAR(range, found.range, 0.1);
    EXPECT_GT(at(found.curve, 60), 1);
    EXPECT_LT(at(found.curve, 20), 0);
    EXPECT_GT(at(found.curve, 140), at(found.curve, 60)) << "the quieter, the more";
  }
}

TEST(PlanRange, IsSlow) {
  const auto found = range_curve(programme({{40, -20}, {40, -34}, {40, -20}}), 5);
  for (double t = 0; t < 120; t += 0.1)
    EXPECT_LT(std::abs(at(found.curve, t + 0.1) - at(found.curve, t)), 0.5) << t;
}

TEST(PlanRange, TurnsNoPassageUpOrDownByMoreThan12Decibels) {
  const auto found = range_curve(programme({{60, -14}, {60, -31}, {60, -14}}), 3);
  for (double t = 0; t < 180; t += 0.5) EXPECT_LE(std::abs(at(found.curve, t)), 12.01) << t;
}

TEST(PlanRange, DoesNotTurnUpNoise) {
  const auto power = programme({{40, -18}, {40, -30}, {40, -55}, {40, -18}, {40, -120}, {20, -30}});
  const auto found = range_curve(power, 5);
  ASSERT_FALSE(found.curve.empty());
  EXPECT_GT(at(found.curve, 60), 3);
  EXPECT_LE(at(found.curve, 100), 0.01);
  EXPECT_LE(at(found.curve, 180), 0.01);
}

TEST(PlanRange, SaysWhatIsLeftWhenTheLimitsForbidMore) {
  // Within the gate, but more than 12 dB up would be needed of it.
  const auto found = range_curve(programme({{100, -16}, {60, -33.5}, {100, -16}}), 3);
  EXPECT_GT(found.range, 3);
}

TEST(PlanRange, HasFewPointsWhereNothingChanges) {
  const auto found = range_curve(programme({{1800, -20}, {1800, -34}}), 5);
  EXPECT_LT(found.curve.size(), 150U);
}

}  // namespace
}  // namespace rostrum
