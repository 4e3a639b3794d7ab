// SPDX-License-Identifier: LGPL-2.1-or-later
// What is drawn over the composed picture.  docs/layouts.md has the rules.
#pragma once

#include "core/layout.h"

#include <cstdint>
#include <string>

namespace rostrum {

// In the order in which they are drawn.
enum class OverlayKind {
  edge,      // of a tile that fills `rect`: a border and rounded corners
  initials,  // of a person without a camera, in the middle of the card
  label,     // a person's name, one line at the left end of `rect`
  names,     // of who is heard while nothing is seen, a line each, in the middle of `rect`
  card,      // a title and what stands below it, in the middle of `rect`
  logo       // a picture that fills `rect`
};

struct Overlay {
  OverlayKind kind = OverlayKind::label;
  FrameRange frames;
  Rect rect;     // nothing is drawn outside it; even
  int size = 0;  // of text: pixels per em at most, for it shrinks to fit
  std::string text;
  std::string detail;              // of a card: below its title
  std::uint32_t color = 0xffffff;  // of text, 0xRRGGBB
  TileEdge edge = {};              // of a tile
  std::uint32_t behind = 0;        // what shows outside its corners, 0xRRGGBB
  std::string asset;               // of a logo
  int opacity = 1000;              // of a logo: thousandths

  friend bool operator==(const Overlay&, const Overlay&) = default;
};

}  // namespace rostrum
