// SPDX-License-Identifier: LGPL-2.1-or-later
// The texts of overlays as pictures: each is drawn once and then only blended.
#pragma once

#include "core/overlay.h"
#include "engine/picture_canvas.h"

namespace rostrum {

// Premultiplied ARGB for this place on the canvas; even, so that no chroma outside it changes.
struct PlacedPicture {
  SurfacePtr surface;  // nullptr: there is nothing to be seen
  Rect rect;           // within the overlay's
};

// Draws any overlay but a logo.  Characters that no installed font has are left out.
PlacedPicture draw_text(const Overlay& overlay);

// The smallest even part of the surface, which lies at `rect`, that holds all that can be seen.
PlacedPicture trimmed(SurfacePtr surface, Rect rect);

}  // namespace rostrum
