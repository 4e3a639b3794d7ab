// SPDX-License-Identifier: LGPL-2.1-or-later
// The sound of a track's clips on the absolute 48 kHz grid.
#pragma once

#include "engine/clip_player.h"
#include "engine/sound_conform.h"

namespace rostrum {

class AudioTrack {
 public:
  AudioTrack(TrackSettings settings, std::shared_ptr<DecoderSignal> signal)
      : player_{std::move(settings), Wanted::audio, std::move(signal)} {}

  struct Step {
    enum class Kind { sound, gap, flushing } kind = Kind::gap;
    GstPtr<GstBuffer> sound;  // without times; in a gap silence or, if not asked for, null
    std::int64_t count = 0;   // samples
  };
  // The samples from index n of the job on, at most 0.2 s, of a gap 1 s; `end`: of what is
  // played.  Asked for in order.
  Step samples(std::int64_t n, std::int64_t end, bool silent_gaps);
  // Before going to another sample than the next.
  void restart();

  std::optional<ClipReport> take_report() { return player_.take_report(); }

 private:
  void enter(std::size_t clip, std::int64_t from);
  bool decode(std::int64_t from, std::int64_t until);
  Step play(const TimelineClip& clip, std::int64_t n, std::int64_t count, bool silent_gaps);
  Nanoseconds position() const { return consumed_ ? sample_time(*consumed_) : kNoTime; }

  ClipPlayer player_;
  SoundConform conform_;
  bool ended_ = false;
  bool first_ = true;                     // nothing was decoded yet
  std::optional<std::int64_t> consumed_;  // medium's sample after the last one put out, >= 0
};

}  // namespace rostrum
