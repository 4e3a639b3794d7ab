// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>

namespace rostrum {

// y[n] = taps[0] x[n] + taps[1] x[n + 1] + …, for every n of y; x holds taps.size() - 1 values more
// than y.  Each sum is made in the order of the taps, so that a value does not depend on which
// others are computed with it.
void correlate(std::span<const float> taps, std::span<const float> x, std::span<float> y);

}  // namespace rostrum
