// SPDX-License-Identifier: LGPL-2.1-or-later
// Draws a slice's overlays into its composed frames.
#pragma once

#include "engine/graph.h"

namespace rostrum {

// Adds the element that draws input.slice.overlays into the frames of `composed`, which it follows,
// and returns it.  Each overlay is drawn once, when it is first seen, and then only blended.  A
// logo that cannot be read is left out and reported as a substitution, or an error with
// OnDamage::fail.
Result<GstElement*> add_overlays(GstElement* bin, GstElement* composed, const GraphInput& input);

}  // namespace rostrum
