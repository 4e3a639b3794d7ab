// SPDX-License-Identifier: LGPL-2.1-or-later
// The border and the rounded corners of a tile as a picture.
#pragma once

#include "engine/text_picture.h"

namespace rostrum {

// Of an overlay of kind edge: clear but for the border and what lies outside the corners.
PlacedPicture draw_edge(const Overlay& overlay);

}  // namespace rostrum
