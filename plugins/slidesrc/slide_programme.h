// SPDX-License-Identifier: LGPL-2.1-or-later
// What a slidesrc shows from its start to its stop, on its output frames.
#pragma once

#include "core/stretch.h"
#include "slidesrc/slide.h"

#include <vector>

namespace rostrum {

class SlideProgramme {
 public:
  // `stop` absent: the end of the last slide.
  SlideProgramme(std::vector<Slide> slides, Fraction rate, Nanoseconds start,
                 std::optional<Nanoseconds> stop);

  const std::vector<Slide>& slides() const { return slides_; }
  FrameRange frames() const { return frames_; }
  Interval span() const { return {slice_.pts(frames_.first), slice_.pts(frames_.end)}; }
  Nanoseconds pts(std::int64_t frame) const { return slice_.pts(frame); }

  // The frame that is shown at t; t within span().
  std::int64_t frame_at(Nanoseconds t) const { return first_from(t + 1ns) - 1; }
  // The first frame that stands at t or later.
  std::int64_t first_from(Nanoseconds t) const;
  // `frame` within frames().
  const Stretch& at(std::int64_t frame) const;

 private:
  std::vector<Slide> slides_;
  FrameGrid grid_;
  FrameRange frames_;
  SliceGrid slice_;
  std::vector<Stretch> stretches_;
};

}  // namespace rostrum
