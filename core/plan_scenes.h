// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan's middle step: planned tracks -> scenes.
#pragma once

#include "core/plan.h"
#include "core/speaker.h"

#include <cstddef>
#include <vector>

namespace rostrum {

// What the scenes are made from: the planned tracks, the size of each clip's picture, who is a
// presenter, who speaks when.
struct SceneInput {
  const std::vector<PlannedTrack>& tracks;
  const std::vector<std::vector<Size>>& sizes;  // [track][clip]; empty when it has no picture
  const std::vector<bool>& presenter;           // [track]
  LayoutContext context;
  FrameGrid grid;
  FrameRange frames;
  std::vector<Switch> speakers = {};           // empty: nobody is known to speak
  std::vector<std::size_t> participants = {};  // [track]; kNobody for tracks without one
  std::vector<LayoutScene> rules = {};         // the manifest's scenes, in order
  bool cards = false;  // who is heard but not seen by a camera has a plain tile
};

// Contiguous scenes that cover `frames`.  A layout that would last less than 0.2 s keeps the
// rectangles before it; clips still start, end and change at their own frames.
std::vector<Scene> make_scenes(const SceneInput& input);

// The stretches of a clip during which its picture is switched on.
std::vector<Interval> visible_intervals(const PlannedClip& clip);

// `whole` without `holes` (which may overlap and need not be sorted).
std::vector<Interval> subtract(Interval whole, std::vector<Interval> holes);

}  // namespace rostrum
