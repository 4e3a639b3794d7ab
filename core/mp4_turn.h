// SPDX-License-Identifier: LGPL-2.1-or-later
// How a movie's picture is to be turned to be seen upright, by its matrices (ISO/IEC
// 14496-12, 8.2.2 and 8.3.2).
#pragma once

#include "core/mp4_box.h"

#include <optional>

namespace rostrum::mp4 {

// Where a picture's axes point to on the screen: x' = a x + c y, y' = b x + d y, each of -1, 0
// or 1.
struct Turn {
  int a = 1;
  int b = 0;
  int c = 0;
  int d = 1;

  friend bool operator==(const Turn&, const Turn&) = default;
};

// Of the first track of pictures; `moov`: the body of that box.  Lengths do not count, only
// directions; of an oblique matrix the nearest.  Nothing when there is no such track or matrix.
std::optional<Turn> picture_turn(View moov);

}  // namespace rostrum::mp4
