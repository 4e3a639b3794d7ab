// SPDX-License-Identifier: LGPL-2.1-or-later
// A slide as slidesrc is told to show it.
#pragma once

#include "core/layout.h"
#include "core/result.h"

#include <gst/gst.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct Slide {
  std::string location{};  // path of a picture or PDF
  std::string asset{};     // its name in messages, or ""
  int page = 1;
  Interval when{};  // job time
  Size size{};      // pixels; 0: the element's
  Fit fit = Fit::contain;
  std::optional<std::uint32_t> color{};  // 0xRRGGBB: plain, no location
  std::uint32_t background = 0;          // 0xRRGGBB: what the picture leaves of its size
};

// From the element's property, a GST_TYPE_ARRAY of structures.
Result<std::vector<Slide>> read_slides(const GValue* array);

// The slides of one track of a manifest.  The last slide of a manifest without a duration needs one
// of its own or `stop`.
Result<std::vector<Slide>> slides_of_track(const std::string& manifest, const std::string& track,
                                           std::optional<Nanoseconds> stop);

}  // namespace rostrum
