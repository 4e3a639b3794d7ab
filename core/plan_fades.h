// SPDX-License-Identifier: LGPL-2.1-or-later
// Transitions between layouts: tiles that come, go or move fade.
#pragma once

#include "core/plan.h"

#include <vector>

namespace rostrum {

// Sets SceneTile::fade_in and fade_out.  Half of `length` before a change of layout what goes or
// moves fades out, half of it after the change what has come or moved fades in, so that no source
// is needed for longer than it is shown.  A ramp is never longer than half of its scene.  A tile
// that changes only its clip, as slides do, does not fade.
void fade_layouts(std::vector<Scene>& scenes, const FrameGrid& grid, Nanoseconds length);

}  // namespace rostrum
