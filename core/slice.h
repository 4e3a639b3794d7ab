// SPDX-License-Identifier: LGPL-2.1-or-later
// A slice of the plan: what each input of the compositor and of the audio mixer plays during a run
// of output frames.  All that a worker needs to know to render them.
#pragma once

#include "core/plan.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

// A stretch of one source as an element plays it; sizes in pixels, 0 = the medium's own.
struct Piece {
  std::string asset;
  int page = 1;
  Nanoseconds start{0};  // job time
  Nanoseconds in{0};
  Nanoseconds duration{0};
  Size size;
  Fit fit = Fit::contain;
  std::optional<std::uint32_t> color;  // 0xRRGGBB: a plain picture, no asset
  double volume = 1;                   // of sound: factor of the amplitude
  double pan = 0;                      // of sound: -1 to 1
  SoundClock clock = {};               // of sound
  Colors colors = Colors::own;         // of moving pictures

  friend bool operator==(const Piece&, const Piece&) = default;
};

// Where a slot's picture stands from a frame on; invisible when `rect` has no area.
struct Placement {
  std::int64_t frame = 0;
  Rect rect;

  friend bool operator==(const Placement&, const Placement&) = default;
};

// How opaque a slot's picture is from a frame on, in thousandths.
struct Opacity {
  std::int64_t frame = 0;
  int permille = 1000;

  friend bool operator==(const Opacity&, const Opacity&) = default;
};

// One input of the compositor through a run of frames: what plays in it, and where it stands.
struct Slot {
  bool slides = false;  // pictures (slidesrc) or video (timelinesrc)
  bool screen = false;  // a frame is held until the next, however long
  int z = 0;
  std::vector<Piece> pieces;
  std::vector<Placement> placements;
  std::vector<Opacity> opacities = {};  // empty: opaque

  friend bool operator==(const Slot&, const Slot&) = default;
};

// The compositor inputs that show the plan's scenes during `frames`; a source keeps its slot while
// it is visible.
std::vector<Slot> slots(const Plan& plan, FrameRange frames);

// What is heard of one track, muted stretches cut out, in job time.
struct Voice {
  std::string track;
  std::vector<Piece> pieces;
  std::vector<GainCurve> gains = {};  // multiplied with each other
  VoiceFilter filter = {};
  // Of a filtered voice: what is heard of it, and what is played for its filters to settle before.
  Interval heard = {};
  Interval played = {};

  friend bool operator==(const Voice&, const Voice&) = default;
};

// Of these tracks only, by their ids; of all when none are named.
std::vector<Voice> voices(const Plan& plan, Interval sound,
                          const std::vector<std::string>& tracks = {});

struct Slice {
  Size canvas;
  FrameGrid grid;
  FrameRange frames;  // of the picture
  Interval sound;     // job time; as long as the picture, or what a sound unit needs
  std::vector<Slot> slots;
  std::vector<Voice> voices;
  std::vector<Overlay> overlays;       // in the order in which they are drawn
  Interval mixed = {};                 // `sound`, and what around it the limiter must know
  std::optional<double> ceiling = -1;  // of the sound's true peak, dBTP; absent: not limited
  SoundFormat format = {};             // of the sound
  bool copied = false;                 // the packets of its only piece are taken as they are
  std::int64_t first_picture = 0;      // of pictures that are copied, in the order of decoding
  bool still = false;                  // only the frames of coded_frames() are encoded
};

// Picture and sound of the frames.
Slice make_slice(const Plan& plan, FrameRange frames);
// Only the picture.
Slice make_picture_slice(const Plan& plan, FrameRange frames);
// Only the sound: samples [first, end) at 48 kHz, counted from the programme's first frame; of
// these tracks, as for voices().
Slice make_sound_slice(const Plan& plan, std::int64_t first, std::int64_t end,
                       const std::vector<std::string>& tracks = {});

inline constexpr int kSampleRate = 48000;
// So many samples are added up at once, and always the same: on one grid, sums are made in one
// order.
inline constexpr std::int64_t kMixBlock = kSampleRate / 10;
// When a sample of the programme stands, in job time; rounded down, as the times of buffers are:
// a slice that begins later than its first sample would lose it.
Nanoseconds sample_time(const Plan& plan, std::int64_t sample);
// How many samples the programme has.
std::int64_t sample_count(const Plan& plan);

}  // namespace rostrum
