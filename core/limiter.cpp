// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/limiter.h"

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

constexpr std::size_t kBlock = 128;  // frames that are looked at together; nothing depends on it
// For what a gain in motion adds between samples, and for rounding.
constexpr double kMargin = 0.01;  // dB

}  // namespace

Limiter::Limiter(const LimiterFormat& format, double ceiling)
    : rate_{format.rate},
      channels_{format.channels},
      ceiling_{static_cast<float>(std::pow(10, (ceiling - kMargin) / 20))},
      meter_{format.channels},
      envelope_{limiter_shape(format.rate)},
      sound_((kPeakReach - 1) * format.channels, 0.0F) {}

void Limiter::push(std::span<const float> frames) {
  sound_.insert(sound_.end(), frames.begin(), frames.end());
  measure(sound_.size() / channels_);
}

void Limiter::push_silence(std::size_t frames) {
  sound_.resize(sound_.size() + frames * channels_, 0.0F);
  measure(sound_.size() / channels_);
}

void Limiter::measure(std::size_t frames) {
  std::size_t done = 0;
  for (; done + kPeakMargin < frames;) {
    const auto n = std::min(kBlock, frames - kPeakMargin - done);
    const auto block = std::span{sound_}.subspan(done * channels_, (n + kPeakMargin) * channels_);
    done += n;
    if (sample_peak(block) * meter_.overshoot() <= ceiling_) {
      envelope_.push_none(n);
      continue;
    }
    needs_.clear();
    for (const float peak : meter_.measure(block)) {
      const double reduction = peak > ceiling_ ? 1.0 - static_cast<double>(ceiling_) / peak : 0;
      needs_.push_back(static_cast<Reduction>(std::ceil(reduction * kWhole)));
    }
    envelope_.push(needs_);
  }
  sound_.erase(sound_.begin(), sound_.begin() + static_cast<std::ptrdiff_t>(done * channels_));
}

void apply_gains(std::span<const float> gains, std::span<float> frames) {
  const auto channels = gains.empty() ? 0 : frames.size() / gains.size();
  auto* sample = frames.data();
  for (const float gain : gains)
    for (std::size_t c = 0; c < channels; ++c) *sample++ *= gain;
}

}  // namespace rostrum
