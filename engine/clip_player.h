// SPDX-License-Identifier: LGPL-2.1-or-later
// Has the right decoder open for a track's clips: the one that plays and, shortly before it is
// needed, the next.  Knows what could not be played and says so once per clip.
#pragma once

#include "core/clip_schedule.h"
#include "core/gain.h"
#include "core/plan.h"
#include "engine/medium_decoder.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace rostrum {

// For post_substitution().
struct ClipReport {
  Substitution substitution;
  std::string location;
};

// What a track's source plays, and how.
struct TrackSettings {
  ClipSchedule schedule;
  FrameGrid grid;
  Interval played;                    // timeline time
  Nanoseconds stall_timeout{10s};     // wall time without data after which a medium is given up
  std::vector<GainCurve> gains = {};  // of the sound, multiplied with each other
  // The decoder of a medium's sound seeks to the next clip of that medium, however far it is: much
  // cheaper than opening, but the last bits of Opus and MP3 then hang on what was decoded before.
  bool keep_open = false;
};

inline constexpr Nanoseconds kOpenAhead{4s};  // of timeline time before a clip is needed

class ClipPlayer {
 public:
  ClipPlayer(TrackSettings settings, Wanted wanted, std::shared_ptr<DecoderSignal> signal);

  const TrackSettings& settings() const { return settings_; }
  const TimelineClip& clip(std::size_t index) const { return settings_.schedule.clips()[index]; }

  // Makes a clip the current one, to be read from the medium's time `from`.  True when the decoder
  // that stands at `position` (kNoTime: nowhere) just goes on; what was read of it is still good.
  bool enter(std::size_t index, Nanoseconds from, Nanoseconds position);
  std::optional<std::size_t> current() const { return current_; }
  // Opens a clip ahead, unless the current decoder at `position` will go on to it.
  void prepare(std::size_t index, Nanoseconds position);
  // Closes the current decoder unless it will go on, or soon seek, to that clip.
  void leave_unless_for(std::size_t next, Nanoseconds position);
  // To another place of the timeline.
  void restart();

  enum class Next { sample, ended, flushing };
  // The current clip's next sample.  `ended` stays; failure() says whether it was the plain end.
  Next next(GstPtr<GstSample>& sample);
  // The first sample stands at `first` by the container.  True when that is later than what the
  // medium's time `wanted` needs and the decoder starts again further back, false when nothing
  // earlier is to be had.
  bool try_earlier(Nanoseconds first, Nanoseconds wanted);
  // Whether decoding began elsewhere than at the medium's beginning.
  bool opened_inside() const { return opened_from_ > Nanoseconds{0}; }
  const MediumDecoder* decoder() const { return decoder_.get(); }

  // The current clip has nothing (more) to show from the medium's time `end` on.
  void report(Nanoseconds end);
  std::optional<ClipReport> take_report();

 private:
  void open(std::size_t index, Nanoseconds from, Nanoseconds position);
  // Does the decoder at `position` just go on to the medium's time `from` of that clip?
  bool goes_on(std::size_t index, Nanoseconds position, Nanoseconds from) const;
  // Or is it to seek there?  Only forward: a medium that cannot seek then still gets there.
  bool seeks(std::size_t index, Nanoseconds position, Nanoseconds from) const;
  // The container's time from which on a clip is decoded to be heard or seen from `from` on.
  Nanoseconds sought(const TimelineClip& clip, Nanoseconds from) const;

  const TrackSettings settings_;
  const Wanted wanted_;
  const std::shared_ptr<DecoderSignal> signal_;

  std::optional<std::size_t> current_;
  std::unique_ptr<MediumDecoder> decoder_;
  SoundClock clock_;  // by which `decoder_` is read
  Nanoseconds opened_from_{0};
  Nanoseconds step_back_{0};
  bool ended_ = false;
  std::optional<DecoderFailure> failure_;

  std::optional<std::size_t> next_;
  std::unique_ptr<MediumDecoder> next_decoder_;

  std::map<std::string, DecoderFailure> unusable_;  // by location: do not try again
  std::set<std::size_t> reported_;
  std::deque<ClipReport> reports_;
};

}  // namespace rostrum
