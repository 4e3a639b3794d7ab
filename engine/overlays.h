// SPDX-License-Identifier: LGPL-2.1-or-later
// Draws a slice's overlays into its composed frames.
#pragma once

#include "engine/graph.h"

namespace rostrum {

// Has input.slice.overlays drawn into the frames that leave `composed`, in the thread that composes
// them.  Each overlay is drawn once, when it is first seen, and then only blended.  A logo that
// cannot be read is left out and reported as a substitution, or an error with OnDamage::fail.
void draw_overlays(GstElement* composed, const GraphInput& input);

}  // namespace rostrum
