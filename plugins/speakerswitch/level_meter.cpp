// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speakerswitch/level_meter.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace rostrum {

namespace {

// A timestamp may lie years ahead; a meter keeps at most an hour.
constexpr std::int64_t kLongest = 36000;

template <typename T>
double energy(const void* data, std::size_t from, std::size_t to) {
  const auto* samples = static_cast<const T*>(data);
  constexpr double kFull =
      std::is_floating_point_v<T> ? 1.0 : -static_cast<double>(std::numeric_limits<T>::min());
  double sum = 0;
  for (auto i = from; i < to; ++i) {
    const auto value = static_cast<double>(samples[i]);
    sum += value * value;
  }
  return std::isfinite(sum) ? sum / (kFull * kFull) : 0;
}

double energy(const Samples& samples, std::size_t from, std::size_t to) {
  from *= samples.channels;
  to *= samples.channels;
  switch (samples.format) {
  case SampleFormat::f32:
    return energy<float>(samples.data, from, to);
  case SampleFormat::s16:
    return energy<std::int16_t>(samples.data, from, to);
  case SampleFormat::s32:
    return energy<std::int32_t>(samples.data, from, to);
  }
  return 0;
}

}  // namespace

double& LevelMeter::window_at(std::int64_t window) {
  const auto index = static_cast<std::size_t>(window - first_);
  if (index >= power_.size()) power_.resize(index + 1);
  return power_[index];
}

void LevelMeter::add(const Samples& samples, double rate, Nanoseconds start) {
  const double window_length = std::chrono::duration<double>(kLevelWindow).count() * rate;
  const double offset = std::chrono::duration<double>(start).count() * rate;
  // Half a sample of tolerance: timestamps are rounded.
  auto window = static_cast<std::int64_t>(std::floor((offset + 0.5) / window_length));
  for (std::size_t at = 0; at < samples.frames; ++window) {
    const double edge = static_cast<double>(window + 1) * window_length - offset;
    const auto end =
        std::clamp(static_cast<std::size_t>(std::max(std::round(edge), 0.0)), at, samples.frames);
    if (window >= first_ + kLongest) return;
    if (window >= first_ && end > at)
      window_at(window) += energy(samples, at, end) / (window_length * samples.channels);
    at = end;
  }
}

float LevelMeter::take(std::int64_t window) {
  double power = 0;
  for (; first_ <= window && !power_.empty(); ++first_) {
    power = first_ == window ? power_.front() : 0;
    power_.pop_front();
  }
  first_ = std::max(first_, window + 1);
  return power > 0 ? static_cast<float>(10 * std::log10(power)) : kSilence;
}

void LevelMeter::clear(std::int64_t first) {
  power_.clear();
  first_ = first;
}

}  // namespace rostrum
