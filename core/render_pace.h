// SPDX-License-Identifier: LGPL-2.1-or-later
// How fast a render goes, for whoever watches it from outside.
#pragma once

#include "core/timeline.h"

#include <deque>
#include <optional>

namespace rostrum {

class RenderPace {
 public:
  // So much of the film is rendered at this time of a steady clock.  Less than before: another
  // render has begun.
  void add(Nanoseconds now, Nanoseconds done);
  // Seconds of film in a second, over the last minute or since it began; nothing while that cannot
  // be said.
  std::optional<double> speed(Nanoseconds now) const;
  // Until all of it is rendered.
  std::optional<Nanoseconds> left(Nanoseconds now, Nanoseconds total) const;

 private:
  struct Mark {
    Nanoseconds at;
    Nanoseconds done;
  };

  std::deque<Mark> marks_;
};

}  // namespace rostrum
