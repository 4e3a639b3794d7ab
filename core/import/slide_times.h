// SPDX-License-Identifier: LGPL-2.1-or-later
// The text that says when slides are shown.  docs/formats.md describes the format.
#pragma once

#include "core/import/media_folder.h"
#include "core/result.h"
#include "core/timeline.h"

#include <cstddef>
#include <vector>

namespace rostrum {

// The slide from `at` on.
struct SlideCue {
  Nanoseconds at{0};
  std::size_t slide = 0;  // index

  friend bool operator==(const SlideCue&, const SlideCue&) = default;
};

// In order, at least one.  Problems point to a line of the file: "/times.txt:3".
tl::expected<std::vector<SlideCue>, Problems> read_slide_times(const SlideTimes& times,
                                                               std::size_t slides);

}  // namespace rostrum
