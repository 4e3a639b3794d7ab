// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/loudness.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rostrum {

namespace {

constexpr double kOffset = -0.691;      // of BS.1770, for K-weighting's gain at 1 kHz
constexpr std::size_t kBlock = 4;       // windows: 0.4 s
constexpr std::size_t kShortTerm = 30;  // 3 s

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// The mean power of each run of `length` windows, as far as it is above the absolute gate.
std::vector<double> blocks(std::span<const double> power, std::size_t length) {
  std::vector<double> found;
  const auto least = power_of_lufs(kAbsoluteGate);
  for (std::size_t i = 0; i + length <= power.size(); ++i) {
    const auto sum = std::accumulate(power.begin() + static_cast<std::ptrdiff_t>(i),
                                     power.begin() + static_cast<std::ptrdiff_t>(i + length), 0.0);
    if (const auto value = sum / static_cast<double>(length); value > least) found.push_back(value);
  }
  return found;
}

// Leaves those that are not further than `distance` LU below the mean of all.
void gate(std::vector<double>& values, double distance) {
  if (values.empty()) return;
  const auto least = mean(values) * std::pow(10, -distance / 10);
  std::erase_if(values, [&](double value) { return value <= least; });
}

}  // namespace

double lufs_of(double power) { return kOffset + 10 * std::log10(power); }

double power_of_lufs(double lufs) { return std::pow(10, (lufs - kOffset) / 10); }

std::optional<double> integrated_loudness(std::span<const double> power) {
  auto found = blocks(power, kBlock);
  gate(found, 10);
  if (found.empty()) return {};
  return lufs_of(mean(found));
}

double loudness_range(std::span<const double> power) {
  auto found = blocks(power, kShortTerm);
  gate(found, 20);
  if (found.empty()) return 0;
  std::sort(found.begin(), found.end());
  const auto percentile = [&](double share) {
    return found[static_cast<std::size_t>(
        std::lround(share * static_cast<double>(found.size() - 1)))];
  };
  return lufs_of(percentile(0.95)) - lufs_of(percentile(0.10));
}

ProgrammeLoudness programme_loudness(std::span<const double> power, float true_peak) {
  ProgrammeLoudness found{integrated_loudness(power), loudness_range(power), {}};
  if (true_peak > 0) found.true_peak = 20 * std::log10(static_cast<double>(true_peak));
  return found;
}

}  // namespace rostrum
