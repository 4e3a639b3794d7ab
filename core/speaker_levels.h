// SPDX-License-Identifier: LGPL-2.1-or-later
// What both forms of the speaker decision measure.  Internal to core/speaker*.cpp.
#pragma once

#include "core/speaker.h"

namespace rostrum {

// Between words speech is quiet for this long now and then; what never is, is steady noise.
inline constexpr std::int64_t kNoiseRun = 2;       // windows
inline constexpr std::int64_t kNoiseMemory = 300;  // windows
inline constexpr std::int64_t kNoiseKnown = 20;    // windows: less says nothing about noise

constexpr std::int64_t windows(Nanoseconds t) { return t / kLevelWindow; }

// Power of a level; 0 when it is kNotThere.
double power_of(std::int16_t level);
// The level of a power.
std::int16_t level_of_power(double power);

// The median of the levels, of an even number the lower middle one; nothing for none.
std::optional<std::int16_t> median(std::vector<std::int16_t> levels);

}  // namespace rostrum
