// SPDX-License-Identifier: LGPL-2.1-or-later
// What limited sound is like: its true peak, what is left alone, distortion, clicks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "limited_sound.h"

namespace rostrum::test {
namespace {

double linear(double decibels) { return std::pow(10, decibels / 20); }

TEST(LimitedSound, HasNoTruePeakOverTheCeiling) {
  for (const auto& [name, sound] : hard_sounds(48000)) {
    for (const double ceiling : {0.0, -1.0, -12.0}) {
      const auto output = limited(sound, {48000, 1}, ceiling);
      EXPECT_LE(true_peak_of(output, 1), ceiling + 0.1) << name;
      EXPECT_LE(sample_peak(output), linear(ceiling)) << name;
    }
  }
}

TEST(LimitedSound, HasNoTruePeakOverTheCeilingAtAnyRate) {
  for (const int rate : {8000, 16000, 44100, 96000}) {
    for (const auto& [name, sound] : hard_sounds(rate)) {
      const auto output = limited(sound, {rate, 1});
      EXPECT_LE(true_peak_of(output, 1), -0.9) << name << ' ' << rate;
    }
  }
}

TEST(LimitedSound, ComesCloseToTheCeiling) {
  for (const double amplitude : {1.0, 2.0, 8.0}) {
    const auto output = limited(sine(1000, amplitude, 48000), {48000, 1});
    EXPECT_NEAR(true_peak_of(output, 1), -1, 0.02) << amplitude;
  }
}

TEST(LimitedSound, IsUnchangedBelowTheCeiling) {
  for (const auto& [name, loud] : hard_sounds(48000)) {
    auto sound = loud;
    const float scale = 0.8F / static_cast<float>(linear(true_peak_of(loud, 1)));
    for (auto& sample : sound) sample *= scale;
    EXPECT_EQ(limited(sound, {48000, 1}), sound) << name;
  }
}

TEST(LimitedSound, IsUnchangedFarFromAPeak) {
  auto sound = sine(1000, 0.5, 96000);
  sound[48000] = 4;
  const auto output = limited(sound, {48000, 1});
  const auto before = 48000 - limiter_look_ahead(48000);
  const auto after = 48000 + limiter_pre_roll(48000) + 1;
  for (std::size_t k = 0; k < before; ++k) ASSERT_EQ(output[k], sound[k]) << k;
  for (std::size_t k = after; k < sound.size(); ++k) ASSERT_EQ(output[k], sound[k]) << k;
}

// 6 dB over: the gain rests, and a sine stays one.
TEST(LimitedSound, IsNotDistorted) {
  for (const double frequency : {50.0, 440.0, 1000.0}) {
    const auto gains = gains_of(sine(frequency, 2, 48000), {48000, 1});
    const auto output = limited(sine(frequency, 2, 48000), {48000, 1});
    double in_phase = 0;
    double quadrature = 0;
    double power = 0;
    for (std::size_t k = 12000; k < 36000; ++k) {
      const double angle = 2 * std::numbers::pi * frequency * static_cast<double>(k) / 48000;
      in_phase += output[k] * std::sin(angle) / 12000;
      quadrature += output[k] * std::cos(angle) / 12000;
      power += static_cast<double>(output[k]) * output[k] / 12000;
    }
    const double tone = in_phase * in_phase + quadrature * quadrature;
    EXPECT_LT(10 * std::log10(std::abs(power - tone) / power), -90) << frequency;
    const auto [least, most] = std::minmax_element(gains.begin() + 12000, gains.begin() + 36000);
    EXPECT_LT(*most - *least, 1e-6F) << frequency;
  }
}

TEST(LimitedSound, HasNoClicks) {
  for (const auto& [name, sound] : hard_sounds(48000)) {
    const auto gains = gains_of(sound, {48000, 1});
    const float least = *std::min_element(gains.begin(), gains.end());
    // the steepest step of a ramp of 240 samples shaped as half a cosine, and of rounding
    const double steepest = (1 - least) * std::numbers::pi / 2 / 240 + 1e-6;
    for (std::size_t k = 1; k < gains.size(); ++k)
      ASSERT_LE(std::abs(gains[k] - gains[k - 1]), steepest) << name << ' ' << k;
  }
}

TEST(LimitedSound, FadesDownBeforeAPeakAndUpAfterTheHold) {
  Sound sound(48000, 0.0F);
  sound[10000] = 2;
  const auto gains = gains_of(sound, {48000, 1});
  const float least = static_cast<float>(linear(-1.01) / 2);
  EXPECT_EQ(gains[10000 - 239 - kPeakReach - kPeakReach], 1);
  for (std::size_t k = 10000 - 239 - kPeakReach; k < 10000 - kPeakReach; ++k)
    EXPECT_LE(gains[k + 1], gains[k]);
  for (std::size_t k = 10000 - kPeakReach; k <= 10000 + 3840; ++k)
    EXPECT_NEAR(gains[k], least, 1e-6) << k;
  // 200 ms from 0 to 1
  EXPECT_NEAR(gains[10000 + 3840 + 120 + 2400] - gains[10000 + 3840 + 120 + 480], 0.2, 1e-3);
  EXPECT_EQ(gains[10000 + 3840 + 239 + 9600], 1);
}

TEST(LimitedSound, SurvivesAnyFiniteSample) {
  for (const float loud : {1e10F, 1e30F, 3.4e38F}) {
    Sound sound(20000, 0.5F);
    sound[5000] = loud;
    sound[5001] = -loud;
    const auto output = limited(sound, {48000, 1});
    EXPECT_TRUE(all_finite(output)) << loud;
    EXPECT_LE(sample_peak(output), static_cast<float>(linear(-1))) << loud;
  }
}

}  // namespace
}  // namespace rostrum::test
