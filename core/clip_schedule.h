// SPDX-License-Identifier: LGPL-2.1-or-later
// What a source that plays the clips of one track has to put out when: which clip a frame or sample
// belongs to, which time of the medium is meant, which of the medium's frames is shown.
#pragma once

#include "core/colors.h"
#include "core/layout.h"
#include "core/sound_clock.h"
#include "core/timeline.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

inline constexpr int kSoundRate = 48000;           // samples per second of all sound that is made
inline constexpr Nanoseconds kGridTolerance{1ms};  // rounding of times in containers
inline constexpr Nanoseconds kShortTolerance{100ms};  // a medium may end this much early unnoticed
inline constexpr Nanoseconds kUntilNext = Nanoseconds::max();

// A piece of a medium on the timeline.
struct TimelineClip {
  std::string location;  // path of a local file
  std::string asset;     // its name in messages
  Nanoseconds start{0};
  Nanoseconds in{0};  // medium's time at `start`, from the medium's first timestamp
  Nanoseconds duration{0};
  Size size;  // pixels; 0x0: the medium's own display size
  Fit fit = Fit::contain;
  Colors colors = Colors::own;
  Nanoseconds hold{2s};   // longest time a frame is shown while the next is missing; kUntilNext
  double volume = 1;      // of the sound: factor of the amplitude
  double pan = 0;         // -1: left only, 1: right only
  SoundClock clock = {};  // of the sound

  Nanoseconds end() const { return start + duration; }
  Nanoseconds source_time(Nanoseconds t) const { return t - start + in; }
  Nanoseconds timeline_time(Nanoseconds source) const { return source - in + start; }
  friend bool operator==(const TimelineClip&, const TimelineClip&) = default;
};

// Index on the absolute sample grid: round(t x kSoundRate); t may be negative.
std::int64_t sample_at(Nanoseconds t);
// Time of a sample, rounded down; index >= 0.
Nanoseconds sample_time(std::int64_t index);
// The same rounded up: what GStreamer's mixers, which round down, take for that very sample.
Nanoseconds sample_time_up(std::int64_t index);

// A position on the timeline, counted in frames or in samples.
struct Spot {
  std::size_t clip = 0;    // that plays here or, in a gap, the next; clips().size() = none follows
  bool gap = true;         // nothing plays here
  std::int64_t until = 0;  // where that changes: end of the clip, or start of the next
};

// The clips of one track: sorted by start, none empty, of two that overlap the later cuts the
// earlier.
class ClipSchedule {
 public:
  ClipSchedule() = default;
  explicit ClipSchedule(std::vector<TimelineClip> clips);

  const std::vector<TimelineClip>& clips() const { return clips_; }
  Nanoseconds end() const { return clips_.empty() ? Nanoseconds{0} : clips_.back().end(); }
  // `limit`: the end of what is played, in frames or samples; no `until` lies beyond it.
  Spot at_frame(const FrameGrid& grid, std::int64_t frame, std::int64_t limit) const;
  Spot at_sample(std::int64_t sample, std::int64_t limit) const;

 private:
  std::vector<TimelineClip> clips_;
};

// May a decoder of `location` whose last frame or sample stood at `position` (medium's time) simply
// go on to reach `from` of `next`?  Cheaper than opening and seeking when `from` is near.
bool carries_on(const std::string& location, Nanoseconds position, const TimelineClip& next,
                Nanoseconds from);

// When a decoded frame stands, in the medium's time.
struct FrameTime {
  Nanoseconds pts{0};
  Nanoseconds duration{0};  // its own

  Nanoseconds end() const { return pts + duration; }
};

enum class FrameVerdict {
  show,     // the current frame
  advance,  // the frame ahead becomes the current one; ask again
  wait,     // cannot be told until the frame ahead is decoded
  gap,      // no frame of the medium stands here
};

// What is shown at time t of a medium of which `current` and `ahead` are two successive frames;
// `ended`: none follows.
FrameVerdict choose_frame(Nanoseconds t, Nanoseconds hold, const std::optional<FrameTime>& current,
                          const std::optional<FrameTime>& ahead, bool ended);

// Where a picture of display aspect `picture` (any unit) lies in a box: centred, even, as large as
// possible; the whole box when it would miss it by no more than rounding.
Rect place_in_box(Size picture, Size box);

// What of a picture is seen when it covers a box: its middle, of the box's aspect, in the picture's
// pixels, even.  `seen` is the picture's display aspect (any unit).
Rect crop_to_cover(Size picture, Size seen, Size box);

}  // namespace rostrum
