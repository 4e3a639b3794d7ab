// SPDX-License-Identifier: LGPL-2.1-or-later
// Title and end cards on the plan's frames.
#pragma once

#include "core/plan.h"
#include "core/stretch.h"

#include <vector>

namespace rostrum {

// Which card (index) stands when, and the gaps between them, covering `frames`; of two that overlap
// the one that begins later holds.  Fails with Kind::manifest for one that begins at or after the
// programme's end.
Result<std::vector<Stretch>> place_cards(const std::vector<Card>& cards, const FrameGrid& grid,
                                         FrameRange frames, Nanoseconds programme);

// Each card becomes a scene of its own that shows its background and nothing else.
void cover_scenes(Plan& plan, const std::vector<Card>& cards, const std::vector<Stretch>& placed);

}  // namespace rostrum
