// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slidesrc/slide_programme.h"

#include <algorithm>

namespace rostrum {

namespace {

std::vector<Interval> intervals_of(const std::vector<Slide>& slides) {
  std::vector<Interval> intervals;
  for (const auto& slide : slides) intervals.push_back(slide.when);
  return intervals;
}

Nanoseconds end_of(const std::vector<Slide>& slides) {
  Nanoseconds end{0};
  for (const auto& slide : slides) end = std::max(end, slide.when.to);
  return end;
}

}  // namespace

SlideProgramme::SlideProgramme(std::vector<Slide> slides, Fraction rate, Nanoseconds start,
                               std::optional<Nanoseconds> stop)
    : slides_{std::move(slides)},
      grid_{rate},
      frames_{grid_.range({start, std::max(start, stop.value_or(end_of(slides_)))})},
      slice_{grid_, frames_.first},
      stretches_{lay_out(intervals_of(slides_), grid_, frames_)} {}

std::int64_t SlideProgramme::first_from(Nanoseconds t) const {
  if (t <= span().from) return frames_.first;
  auto frame = frames_.first + grid_.frames(t - span().from);  // at most one off
  while (pts(frame) < t) ++frame;
  while (frame > frames_.first && pts(frame - 1) >= t) --frame;
  return frame;
}

const Stretch& SlideProgramme::at(std::int64_t frame) const {
  return *std::partition_point(stretches_.begin(), stretches_.end(),
                               [&](const Stretch& s) { return s.frames.end <= frame; });
}

}  // namespace rostrum
