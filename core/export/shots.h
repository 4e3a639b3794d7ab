// SPDX-License-Identifier: LGPL-2.1-or-later
// The pictures of a plan as an editor sees them: pieces of clips, each in one place.
#pragma once

#include "core/plan.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rostrum {

struct Shot {
  FrameRange frames;
  SceneTile tile;  // its fades are those of the whole shot

  friend bool operator==(const Shot&, const Shot&) = default;
};

// Each tile for as long as it stays in its place, but for cards with initials; by their beginning.
std::vector<Shot> shots(const Plan& plan);

// One at a time: of each scene the tile of the largest area, the first of several.  Frames without
// any tile are in none of them.
std::vector<Shot> largest_shots(const Plan& plan);

// The frame of its medium, counted at the rate of the film, that a clip shows at a frame.
std::int64_t source_frame(const Plan& plan, const PlannedClip& clip, std::int64_t frame);

}  // namespace rostrum
