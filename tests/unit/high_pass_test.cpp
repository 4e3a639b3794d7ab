// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/high_pass.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace rostrum {
namespace {

// What is left of a tone, in dB, once the filter has settled.
double gain(double hertz, double cutoff) {
  constexpr int kRate = 48000;
  std::vector<float> sound(4 * kRate);
  for (std::size_t i = 0; i < sound.size(); ++i)
    sound[i] = static_cast<float>(
        std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i / 2) / kRate));
  HighPass{cutoff, kRate}.filter(sound);
  double squares = 0;
  for (auto i = sound.size() / 2; i < sound.size(); ++i)
    squares += static_cast<double>(sound[i]) * static_cast<double>(sound[i]);
  return 10 * std::log10(squares / static_cast<double>(sound.size() / 2) * 2);
}

TEST(HighPass, HasTheResponseOfAButterworthFilter) {
  for (const double cutoff : {20.0, 80.0, 300.0})
    for (const double hertz : {10.0, 40.0, 80.0, 300.0, 3000.0}) {
      const auto ratio = std::pow(hertz / cutoff, 4);
      EXPECT_NEAR(gain(hertz, cutoff), 10 * std::log10(ratio / (1 + ratio)), 0.1)
          << hertz << " Hz through " << cutoff;
    }
}

}  // namespace
}  // namespace rostrum
