// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/loudness.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

// Windows of that loudness, for so long.
void append(WeightedPower& power, double lufs, Nanoseconds length) {
  power.insert(power.end(), static_cast<std::size_t>(length / kLoudnessWindow),
               power_of_lufs(lufs));
}

TEST(Loudness, OfASteadyToneIsItsOwn) {
  WeightedPower power;
  append(power, -23, 20s);
  EXPECT_NEAR(integrated_loudness(power).value_or(0), -23, 1e-9);
  EXPECT_NEAR(loudness_range(power), 0, 1e-9);
}

// The cases 3 to 5 of EBU Tech 3341, which state the loudness of each part.
TEST(Loudness, IsGated) {
  WeightedPower third;
  append(third, -36, 10s);
  append(third, -23, 60s);
  append(third, -36, 10s);
  EXPECT_NEAR(integrated_loudness(third).value_or(0), -23, 0.1);
  WeightedPower fourth;
  append(fourth, -72, 10s);
  append(fourth, -36, 10s);
  append(fourth, -23, 60s);
  append(fourth, -36, 10s);
  append(fourth, -72, 10s);
  EXPECT_NEAR(integrated_loudness(fourth).value_or(0), -23, 0.1);
  WeightedPower fifth;
  append(fifth, -26, 20s);
  append(fifth, -20, 20100ms);
  append(fifth, -26, 20s);
  EXPECT_NEAR(integrated_loudness(fifth).value_or(0), -23, 0.1);
}

// The cases 1 to 4 of EBU Tech 3342.
TEST(Loudness, HasARange) {
  const std::pair<std::vector<double>, double> cases[] = {
      {{-20, -30}, 10}, {{-20, -15}, 5}, {{-40, -20}, 20}, {{-50, -35, -20, -35, -50}, 15}};
  for (const auto& [levels, range] : cases) {
    WeightedPower power;
    for (const auto level : levels) append(power, level, 20s);
    EXPECT_NEAR(loudness_range(power), range, 1) << levels.front();
  }
}

TEST(Loudness, OfSilenceIsNone) {
  EXPECT_EQ(integrated_loudness(WeightedPower(100)), std::nullopt);
  EXPECT_EQ(integrated_loudness({}), std::nullopt);
  EXPECT_EQ(loudness_range(WeightedPower(100)), 0);
}

}  // namespace
}  // namespace rostrum
