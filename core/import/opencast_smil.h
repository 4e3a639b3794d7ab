// SPDX-License-Identifier: LGPL-2.1-or-later
// The SMIL catalogs of a media package of Opencast.  Internal to the importer.
#pragma once

#include "core/import/warnings.h"
#include "core/timeline.h"

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace rostrum::opencast {

// A clock value of SMIL 3.0 (Timing, "Clock values"): "180ms", "1.5s", "2min", "1h", "90",
// "01:30", "1:01:30.5"; nothing for any other text, or beyond 1000 h.
std::optional<Nanoseconds> clock_value(std::string_view text);

// What the editor left of the recording, in order, not overlapping.
tl::expected<std::vector<Interval>, std::string> read_cuts(std::string_view smil,
                                                           const std::string& pointer,
                                                           Warnings& warnings);

// A file that holds only a part of the recording.
struct Part {
  std::string src;
  Nanoseconds begin{0};
  std::optional<Nanoseconds> duration;
};
tl::expected<std::vector<Part>, std::string> read_parts(std::string_view smil,
                                                        const std::string& pointer,
                                                        Warnings& warnings);

}  // namespace rostrum::opencast
