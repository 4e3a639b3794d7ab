// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/true_peak.h"

#include "core/correlation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rostrum {

namespace {

constexpr std::size_t kLanes = 8;    // what a compiler vectorises
constexpr double kKaiserBeta = 7.0;  // side lobes below -70 dB
constexpr float kRounding = 1.001F;  // covers that of the sums

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

// The modified Bessel function I0, by its power series (std::cyl_bessel_i is not in every library).
double bessel_i0(double x) {
  double sum = 1;
  double term = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

double kaiser(double position) {  // from -1 to 1
  return bessel_i0(kKaiserBeta * std::sqrt(std::max(0.0, 1 - position * position))) /
         bessel_i0(kKaiserBeta);
}

// Of each pair of a peak and a value the larger magnitude.
void raise(std::span<float> peaks, const float* values) {
  std::size_t k = 0;
  for (; k + kLanes <= peaks.size(); k += kLanes) {
    std::array<float, kLanes> highest;
    std::array<float, kLanes> now;
    std::copy_n(&peaks[k], kLanes, highest.begin());
    std::copy_n(values + k, kLanes, now.begin());
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float magnitude = std::fabs(now[lane]);
      highest[lane] = magnitude > highest[lane] ? magnitude : highest[lane];
    }
    std::copy_n(highest.begin(), kLanes, &peaks[k]);
  }
  for (; k < peaks.size(); ++k) peaks[k] = std::max(peaks[k], std::fabs(values[k]));
}

}  // namespace

float sample_peak(std::span<const float> samples) {
  std::array<float, kLanes> peaks{};
  std::size_t n = 0;
  for (; n + kLanes <= samples.size(); n += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float magnitude = std::fabs(samples[n + lane]);
      peaks[lane] = magnitude > peaks[lane] ? magnitude : peaks[lane];
    }
  }
  for (; n < samples.size(); ++n) peaks[0] = std::max(peaks[0], std::fabs(samples[n]));
  return *std::max_element(peaks.begin(), peaks.end());
}

bool all_finite(std::span<const float> samples) {
  // A product with 0 is 0, or not a number when the sample is none or infinite.
  std::array<float, kLanes> sums{};
  std::size_t n = 0;
  for (; n + kLanes <= samples.size(); n += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += samples[n + lane] * 0.0F;
  for (; n < samples.size(); ++n) sums[0] += samples[n] * 0.0F;
  return std::none_of(sums.begin(), sums.end(), [](float sum) { return std::isnan(sum); });
}

void silence_non_finite(std::span<float> samples) {
  for (auto& sample : samples)
    if (!std::isfinite(sample)) sample = 0;
}

TruePeakMeter::TruePeakMeter(std::size_t channels) : channels_{channels} {
  constexpr auto kReach = static_cast<double>(kPeakReach);
  for (std::size_t p = 0; p < phases_.size(); ++p) {
    std::array<double, 2 * kPeakReach> taps{};
    double sum = 0;
    for (std::size_t i = 0; i < taps.size(); ++i) {
      const double at = static_cast<double>(i) - (kReach - 1) -
                        static_cast<double>(p + 1) / static_cast<double>(kOversampling);
      taps[i] = sinc(at) * kaiser(at / kReach);
      sum += taps[i];
    }
    float magnitudes = 0;
    for (std::size_t i = 0; i < taps.size(); ++i) {
      phases_[p][i] = static_cast<float>(taps[i] / sum);
      magnitudes += std::fabs(phases_[p][i]);
    }
    overshoot_ = std::max(overshoot_, magnitudes * kRounding);
  }
}

std::span<const float> TruePeakMeter::measure(std::span<const float> frames) {
  const auto count = frames.size() / channels_;
  const auto n = count < kPeakMargin ? 0 : count - kPeakMargin;
  channel_.resize(count);
  between_.resize(n);
  peaks_.assign(n, 0);
  for (std::size_t c = 0; n > 0 && c < channels_; ++c) {
    for (std::size_t k = 0; k < count; ++k) channel_[k] = frames[k * channels_ + c];
    raise(peaks_, &channel_[kPeakReach - 1]);
    for (const auto& phase : phases_) {
      correlate(phase, channel_, between_);
      raise(peaks_, between_.data());
    }
  }
  return peaks_;
}

}  // namespace rostrum
