// SPDX-License-Identifier: LGPL-2.1-or-later
// Sets of times: intervals in order, without overlaps.
#pragma once

#include "core/timeline.h"

#include <vector>

namespace rostrum {

// What any of them covers, in order; those that touch become one.
std::vector<Interval> merged(std::vector<Interval> intervals);

// What of a set another one does not cover; both merged.
std::vector<Interval> difference(const std::vector<Interval>& set,
                                 const std::vector<Interval>& holes);

}  // namespace rostrum
