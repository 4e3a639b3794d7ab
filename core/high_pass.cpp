// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/high_pass.h"

#include <cmath>
#include <numbers>

namespace rostrum {

// The analogue prototype by the bilinear transform.
HighPass::HighPass(double cutoff, int rate) {
  const auto k = std::tan(std::numbers::pi * cutoff / rate);
  const auto norm = 1 / (1 + std::numbers::sqrt2 * k + k * k);
  gain_ = norm;
  a1_ = 2 * (k * k - 1) * norm;
  a2_ = (1 - std::numbers::sqrt2 * k + k * k) * norm;
}

void HighPass::filter(std::span<float> samples) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto& m = channels_[i % channels_.size()];
    const double x = samples[i];
    const auto y = gain_ * (x - 2 * m.x1 + m.x2) - a1_ * m.y1 - a2_ * m.y2;
    m = {x, m.x1, y, m.y1};
    samples[i] = static_cast<float>(y);
  }
}

}  // namespace rostrum
