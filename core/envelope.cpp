// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/envelope.h"

#include <cmath>

namespace rostrum {

namespace {

constexpr std::int64_t kStep = kSoundRate * kEnvelopeStep / 1s;
// Hum and rumble have no edges, and filters take them away: what is left begins to fall under some
// 800 Hz.
constexpr float kEmphasis = 0.9F;
constexpr double kNothing = 1e-12;  // -120 dB

}  // namespace

void EnvelopeMeter::add(std::span<const float> samples) {
  const auto channels = before_.size();
  for (std::size_t i = 0; i + channels <= samples.size(); i += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const auto emphasised = static_cast<double>(samples[i + c] - kEmphasis * before_[c]);
      energy_ += emphasised * emphasised;
      before_[c] = samples[i + c];
    }
    if (++count_ < kStep) continue;
    const auto level = 10 * std::log10(energy_ / static_cast<double>(kStep) + kNothing);
    found_.push_back(std::isfinite(level) ? static_cast<float>(level) : 0);
    energy_ = 0;
    count_ = 0;
  }
}

}  // namespace rostrum
