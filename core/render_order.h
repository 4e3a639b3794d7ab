// SPDX-License-Identifier: LGPL-2.1-or-later
// In which order the parts of a film are rendered.
#pragma once

#include "core/timeline.h"

#include <cstddef>
#include <vector>

namespace rostrum {

enum class RenderOrder {
  // All sound, for it must never be the tail; then the longest pictures, so that the workers end
  // together.
  longest_first,
  // As the film goes on, for one who watches it meanwhile: before each chunk of picture the sound
  // that is heard with it, after it what nobody hears.
  film
};

// A part as the order sees it.
struct RenderPart {
  enum class What { picture, sound, stem } what = What::picture;
  Interval when = {};  // of the film
  double cost = 0;     // of a picture, in any unit
};

// The parts' indices, first to last.  Those that nothing tells apart stay as they come.
std::vector<std::size_t> order_of(const std::vector<RenderPart>& parts, RenderOrder order);

}  // namespace rostrum
