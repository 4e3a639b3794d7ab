// SPDX-License-Identifier: LGPL-2.1-or-later
// The two times of an MTS Link record: that of the film, which parts were cut out of afterwards,
// and that of the recording, in which media run on.  Internal to the importer.
#pragma once

#include "core/import/film_parts.h"
#include "core/import/mtslink_log.h"
#include "core/timeline.h"

#include <optional>
#include <vector>

namespace rostrum::mtslink {

class Axis {
 public:
  // A record of that length.  `cuts` are by the clock; without moments that say it, too, there are
  // none, and both times are one.
  Axis(Nanoseconds record, std::vector<Interval> cuts, const std::vector<Moment>& moments);

  bool knows_clock() const { return epoch_.has_value(); }
  // What of the recording is on film; never empty.
  const FilmParts& film() const { return film_; }
  Nanoseconds begin() const { return parts_.front().from; }
  Nanoseconds end() const { return parts_.back().to; }

  // A moment of the film in time of the recording.  At a cut, which is one moment of the film and
  // many of the recording, the clock decides, else it is that after the cut (`begins`) or before.
  Nanoseconds recorded(const Moment& moment, bool begins) const;
  // Of the clock; nothing where that is not known.
  std::optional<Nanoseconds> recorded(Nanoseconds clock) const;

 private:
  std::optional<Nanoseconds> epoch_;  // the clock at 0 of the recording
  std::vector<Interval> parts_;       // of the recording
  FilmParts film_;
};

}  // namespace rostrum::mtslink
