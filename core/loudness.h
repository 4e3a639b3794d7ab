// SPDX-License-Identifier: LGPL-2.1-or-later
// Loudness of a programme from its K-weighted power: ITU-R BS.1770-4 (integrated), EBU Tech 3342
// (range).
#pragma once

#include "core/timeline.h"

#include <optional>
#include <span>
#include <vector>

namespace rostrum {

inline constexpr Nanoseconds kLoudnessWindow = 100ms;
inline constexpr double kAbsoluteGate = -70;  // LUFS: what is below is silence

// Per window the mean square of the K-weighted sound, summed over its channels (one counts once); 0
// = silence.
using WeightedPower = std::vector<double>;

struct ProgrammeLoudness {
  std::optional<double> integrated;  // LUFS; nothing for silence
  double range = 0;                  // LU
  std::optional<double> true_peak;   // dBTP; nothing for digital silence
};

double lufs_of(double power);
double power_of_lufs(double lufs);

// In LUFS, over blocks of 0.4 s that overlap by three quarters, gated at -70 LUFS and 10 LU below
// their mean; nothing for sound without a block above the gate.
std::optional<double> integrated_loudness(std::span<const double> power);

// In LU: from the 10th to the 95th percentile of blocks of 3 s, gated at -70 LUFS and 20 LU below
// their mean; 0 for sound without a block above the gate.
double loudness_range(std::span<const double> power);

// Of a programme whose greatest true peak is that amplitude; 0 for digital silence.
ProgrammeLoudness programme_loudness(std::span<const double> power, float true_peak);

}  // namespace rostrum
