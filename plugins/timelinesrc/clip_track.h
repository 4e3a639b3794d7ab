// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/clip_schedule.h"
#include "core/gain.h"
#include "core/result.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct TrackClips {
  std::vector<TimelineClip> clips;
  std::vector<GainCurve> gains;  // of the sound
};

// The clips of one track of a manifest, hidden (pictures) or muted (sound) stretches cut out.  A
// clip without a duration has its medium's own, which is looked for in the file.  `stop`: the end
// of what is played, if given.
Result<TrackClips> clips_of_track(const std::string& manifest, const std::string& track,
                                  bool pictures, std::optional<Nanoseconds> stop);

}  // namespace rostrum
