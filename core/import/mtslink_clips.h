// SPDX-License-Identifier: LGPL-2.1-or-later
// Sessions and slide changes of an MTS Link record -> stretches of the job.  Internal to the
// importer.
#pragma once

#include "core/import/mtslink_axis.h"
#include "core/import/mtslink_log.h"
#include "core/timeline.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rostrum::mtslink {

// A session, or what of it is between two cuts, as it will be a clip: inside the record, not
// overlapping its neighbours.
struct Placed {
  std::size_t session = 0;  // index into the stream's sessions
  Nanoseconds start{0};
  Nanoseconds in{0};                    // > 0: it began before the record, or in or before a cut
  std::optional<Nanoseconds> duration;  // absent: the medium's own
  Nanoseconds latest_end{0};            // the record's end, the next session's start or a cut
};

// The stream's sessions by time; a later one cuts an earlier one, the record cuts all.
std::vector<Placed> place_sessions(const Stream& stream, const Axis& axis, Warnings& warnings);

// When the microphone (`audio`) or the camera was off, as far as it touches `within`.
std::vector<Interval> off_intervals(const Conference& conference, bool audio, Interval within);

// Whether the log never says that the camera was on, although it says something about it.
bool never_video(const Conference& conference);

struct ShownSlide {
  std::string url;
  std::string number;
  Interval when;
};

// Repeats of one URL are one slide; the last one stays to the record's end.
std::vector<ShownSlide> shown_slides(const std::vector<SlideChange>& changes, Nanoseconds record);

}  // namespace rostrum::mtslink
