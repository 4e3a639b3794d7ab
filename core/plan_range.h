// SPDX-License-Identifier: LGPL-2.1-or-later
// Brings a programme's quiet and loud passages closer together, slowly, as a hand on a fader would.
#pragma once

#include "core/plan.h"

#include <span>

namespace rostrum {

struct RangeCurve {
  GainCurve curve;   // empty: the range is small enough as it is
  double range = 0;  // LU, that is left
};

// For a programme of that K-weighted power in windows of kLoudnessWindow.  Passages are turned up
// and down by 12 dB at most, and what is below the gate of EBU Tech 3342 is not turned up.
RangeCurve range_curve(std::span<const double> power, double most);

// Gives all sound of the plan that curve, if the job asks for it.
void set_range(Plan& plan, const Manifest& manifest, const MediaMap& media, Nanoseconds programme);

}  // namespace rostrum
