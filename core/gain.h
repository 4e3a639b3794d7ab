// SPDX-License-Identifier: LGPL-2.1-or-later
// Gains that change with time: fades, mutes, ducking.  A sample's gain depends on its index alone,
// so that sound rendered in parts is the same.
#pragma once

#include "core/timeline.h"

#include <cstdint>
#include <span>
#include <vector>

namespace rostrum {

struct GainPoint {
  Nanoseconds at{0};  // job time
  double gain = 1;    // factor of the amplitude

  friend bool operator==(const GainPoint&, const GainPoint&) = default;
};

// Straight lines from point to point, in order of time; constant before the first and after the
// last.  Empty: unity.
using GainCurve = std::vector<GainPoint>;

// The factor of the amplitude.
double from_decibels(double decibels);

// The gain of a sample of the 48 kHz grid (sample_at()).
double gain_at(const GainCurve& curve, std::int64_t sample);

// Multiplies interleaved samples, the first of which has the index `first`.
void apply_gain(const GainCurve& curve, std::int64_t first, std::span<float> samples, int channels);

// The points that decide what the curve is within an interval; empty where it is unity.
GainCurve within(const GainCurve& curve, Interval when);

// Continues the curve with a part of the sound that follows all that is in it: from 0 at its
// beginning to 1, and from 1 to 0 at its end.  What does not fit is shortened in proportion.
void append_fade(GainCurve& curve, Interval part, Nanoseconds fade_in, Nanoseconds fade_out);

// How a gain comes and goes around the times for which it is meant.
struct GainTiming {
  Nanoseconds lead{0};     // it is reached so long before
  Nanoseconds attack{0};   // length of the ramp up to there
  Nanoseconds hold{0};     // it is kept so long after
  Nanoseconds release{0};  // length of the ramp back to unity
};

// That gain during the intervals, which are sorted and do not meet, and unity elsewhere; it is kept
// where there is no time to go back.
GainCurve gain_during(const std::vector<Interval>& times, double gain, const GainTiming& timing);

}  // namespace rostrum
