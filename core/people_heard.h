// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is heard when, for what is drawn of people without a camera.
#pragma once

#include "core/plan.h"

#include <cstddef>
#include <string>
#include <vector>

namespace rostrum {

// A stretch of a clip during which its person's voice is heard.
struct HeardClip {
  std::string person;  // id
  std::size_t track = 0;
  std::size_t clip = 0;
  FrameRange frames;

  friend bool operator==(const HeardClip&, const HeardClip&) = default;
};

// The unmuted stretches of all clips with sound on the cameras and microphones of people, in the
// order of the tracks, within `frames`.
std::vector<HeardClip> heard_people(const std::vector<PlannedTrack>& tracks, const FrameGrid& grid,
                                    FrameRange frames);

// Those during which the person is not seen by a camera: at most one at a time for each person,
// that of the first track.
std::vector<HeardClip> heard_unseen(const std::vector<PlannedTrack>& tracks, const FrameGrid& grid,
                                    FrameRange frames);

}  // namespace rostrum
