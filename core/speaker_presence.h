// SPDX-License-Identifier: LGPL-2.1-or-later
// Times in level windows.  Internal to core/speaker*.cpp and core/talk_times.cpp.
#pragma once

#include "core/speaker.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace rostrum {

// The first window that the interval touches, and the one after the last; of `count`.
std::pair<std::size_t, std::size_t> windows_within(Interval interval, std::size_t count);

// The windows that they touch.
std::vector<bool> marked(const std::vector<Interval>& intervals, std::size_t count);

// Where the person, who is present there, can be heard, and with what power.
std::vector<bool> audible_power(const PersonLevels& person, std::vector<bool> present,
                                std::vector<float>& power);

}  // namespace rostrum
