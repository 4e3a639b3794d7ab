// SPDX-License-Identifier: LGPL-2.1-or-later
// The pictures of a track's clips on the grid of output frames.
#pragma once

#include "engine/clip_player.h"
#include "engine/frame_fitter.h"

namespace rostrum {

class VideoTrack {
 public:
  VideoTrack(TrackSettings settings, std::shared_ptr<DecoderSignal> signal)
      : player_{std::move(settings), Wanted::video, std::move(signal)} {}

  struct Step {
    enum class Kind { picture, gap, flushing } kind = Kind::gap;
    GstPtr<GstBuffer> picture;  // without times; in a gap black or, if not asked for, null
    Size size;                  // of the picture, or that a picture in this gap would have
  };
  // Frame n of the job's grid; `end`: of what is played.  Frames are asked for in order.
  Step frame(std::int64_t n, std::int64_t end, bool black_gaps);
  // Before going to another frame than the next.
  void restart();

  std::optional<ClipReport> take_report() { return player_.take_report(); }

 private:
  struct Decoded {
    GstPtr<GstSample> sample;
    FrameTime time;
  };
  enum class Choice { show, gap, flushing };

  void enter(std::size_t clip, Nanoseconds from);
  Choice choose(Nanoseconds t, Nanoseconds hold);
  bool decode(Nanoseconds wanted);
  void lengthen_last();
  Decoded timed(GstPtr<GstSample> sample) const;
  Step step(const TimelineClip& clip, Nanoseconds t, bool black_gaps);
  Step show(const TimelineClip& clip, bool black_gaps);
  Step gap(Size size, bool black);
  Size gap_size(std::size_t next);
  Nanoseconds position() const;

  ClipPlayer player_;
  FrameFitter fitter_;
  std::optional<Decoded> current_;
  std::optional<Decoded> ahead_;
  bool ended_ = false;
  bool broken_ = false;      // only broken frames have come since decoding began
  GstPtr<GstBuffer> shown_;  // current_ at shown_size_
  Size shown_size_;
  Colors shown_colors_ = Colors::own;
  Size size_;  // of the last picture; 0x0: none yet
};

}  // namespace rostrum
