// SPDX-License-Identifier: LGPL-2.1-or-later
// What kind of picture a file is, from its first bytes: its name is not asked.
#pragma once

#include "core/layout.h"

#include <string_view>

namespace rostrum {

enum class PictureKind { none, jpeg, png, webp, svg, pdf };

struct PictureHeader {
  PictureKind kind = PictureKind::none;
  Size stored;          // pixels as coded; 0x0 for SVG and PDF, and where the header is cut off
  int orientation = 1;  // of EXIF, 1 to 8: how the coded picture is to be turned

  // As it is to be seen.
  Size size() const { return orientation > 4 ? Size{stored.height, stored.width} : stored; }
};

// `bytes` is the beginning of the file; a JPEG's size stands behind its metadata, so hand in a
// megabyte where there is one.
PictureHeader parse_picture_header(std::string_view bytes);

}  // namespace rostrum
