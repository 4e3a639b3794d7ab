// SPDX-License-Identifier: LGPL-2.1-or-later
// How the filters of a voice run so that a sample of it is the same however the sound is cut into
// units.  docs/sound.md says why these lengths.
#pragma once

#include "core/plan.h"

#include <cstdint>
#include <vector>

namespace rostrum {

// Before what is heard, for a high-pass to forget where it began.
inline constexpr Nanoseconds kHighPassSettles = 500ms;
// A noise suppressor learns for as long as it runs: one runs for each such stretch of job time, and
// begins so long before it; its sound goes over into that of the next one.
inline constexpr Nanoseconds kSuppressorStretch = 30s;
inline constexpr Nanoseconds kSuppressorSettles = 10s;
inline constexpr Nanoseconds kSuppressorSeam = 200ms;
// By how many samples the suppressor is late, low and high frequencies alike to within 4.
inline constexpr std::int64_t kSuppressorDelay = 337;

std::int64_t filter_delay(const VoiceFilter& filter);

// What one run of the filters is for.
struct FilterRun {
  Interval heard;   // job time
  Interval played;  // all of that, what the filters need before it, and what they are late
  GainCurve seam;   // where another run goes before or on
};

// The runs that make the sound of an interval, whose ends lie a whole number of 10 ms apart from
// those of other units.
std::vector<FilterRun> filter_runs(const VoiceFilter& filter, Interval mixed);

// The loudness of a track's clips as a curve: what comes after the filters, which must not clip.
GainCurve volume_curve(const std::vector<PlannedClip>& clips);

}  // namespace rostrum
