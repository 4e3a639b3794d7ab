// SPDX-License-Identifier: LGPL-2.1-or-later
// Intervals laid on the output frames, gaps included: what a source that plays one thing after
// another has to put out when.
#pragma once

#include "core/timeline.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace rostrum {

// A run of frames that shows one thing.
struct Stretch {
  FrameRange frames;
  std::optional<std::size_t> item;  // index of the interval; nothing: a gap

  friend bool operator==(const Stretch&, const Stretch&) = default;
};

// Contiguous, none empty, covering `programme`; of two intervals that overlap the one that starts
// later cuts the other short, of two that start together the later one in the list holds.
std::vector<Stretch> lay_out(const std::vector<Interval>& intervals, const FrameGrid& grid,
                             FrameRange programme);

}  // namespace rostrum
