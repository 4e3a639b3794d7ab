// SPDX-License-Identifier: LGPL-2.1-or-later
// What is drawn over the plan's scenes: names, initials, cards and the logo.  Nothing here depends
// on fonts: how wide a text really is only the one who draws it knows.
#pragma once

#include "core/plan.h"

#include <vector>

namespace rostrum {

// Puts title and end cards over the plan's scenes and adds all overlays to the plan, which has its
// canvas and scenes.  `programme` is the whole job's length.  A logo that cannot be drawn is a
// substitution.  Fails with Kind::manifest for a card that begins after the programme's end.
Result<void> add_graphics(Plan& plan, const Manifest& manifest, const MediaMap& media,
                          Nanoseconds programme);

// Those of the plan during `frames`, cut to them.
std::vector<Overlay> overlays_within(const Plan& plan, FrameRange frames);

// Where a name stands on a tile, and how large: `rect` and `size` of the label.  `rect` has no area
// on a tile that is too small (under 96x48).
Overlay label_on(Rect tile, Size canvas);

}  // namespace rostrum
