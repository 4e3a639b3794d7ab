// SPDX-License-Identifier: LGPL-2.1-or-later
// Times of OpenTimelineIO.  Internal to the importer.
#pragma once

#include "core/import/otio_timeline.h"

#include <optional>
#include <string_view>

namespace rostrum::otio {

// Of "Clip.2" the name "Clip"; "" for what is no object of OpenTimelineIO.
std::string_view schema_of(const Json& value);

// A RationalTime in frames of `rate`; nothing unless it is finite and within 1000 h.
std::optional<Frames> read_time(const Json* value, Fraction rate);

struct Range {
  Frames start = 0;
  Frames duration = 0;
};

// A TimeRange; nothing for anything else, or a negative duration.
std::optional<Range> read_range(const Json* value, Fraction rate);

// 23.976 -> 24000/1001; nothing for what no canvas can have.
std::optional<Fraction> frame_rate(double rate);

}  // namespace rostrum::otio
