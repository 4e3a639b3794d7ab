// SPDX-License-Identifier: LGPL-2.1-or-later
// A film of some parts of a log, one after another: log time -> film time.
#pragma once

#include "core/timeline.h"

#include <vector>

namespace rostrum {

class FilmParts {
 public:
  // Of a stretch of the log, what one part of the film shows of it.
  struct Piece {
    Interval log;
    Nanoseconds film{0};  // when it begins in the film
  };

  // In order, not empty, not overlapping.
  explicit FilmParts(std::vector<Interval> parts);

  Nanoseconds duration() const { return ends_.empty() ? Nanoseconds{0} : ends_.back(); }
  // Where the last part ends in the log.
  Nanoseconds log_end() const { return parts_.empty() ? Nanoseconds{0} : parts_.back().to; }
  // A moment of the log in film time; one that is cut out: where the film goes on.
  Nanoseconds at(Nanoseconds log) const;
  // A stretch of the log in film time: what is cut out of it leaves no gap.
  Interval on_film(Interval log) const { return {at(log.from), at(log.to)}; }
  std::vector<Interval> on_film(const std::vector<Interval>& log) const;
  std::vector<Piece> pieces(Interval log) const;

 private:
  std::vector<Interval> parts_;
  std::vector<Nanoseconds> ends_;  // of each part, in film time
};

}  // namespace rostrum
