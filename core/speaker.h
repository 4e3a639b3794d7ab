// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is the active speaker: a decision from levels alone.  docs/speaker.md describes it.
#pragma once

#include "core/timeline.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace rostrum {

inline constexpr Nanoseconds kLevelWindow{100ms};

// RMS of a run of windows of kLevelWindow, in tenths of dBFS.
using Levels = std::vector<std::int16_t>;
inline constexpr std::int16_t kSilentLevel = -1200;
// Instead of a level: this person is not there, or is muted.
inline constexpr std::int16_t kNotThere = -32768;

struct SpeakerOptions {
  Nanoseconds window{2s};         // a level is a mean over this; half of it is too short to win
  Nanoseconds hold{4s};           // from one change to the next at least
  std::int16_t threshold = -450;  // tenths of dBFS: who is quieter does not speak
  std::int16_t margin = 60;      // tenths of dB above the median of the others, and above one's own
                                 // steady noise
  std::int16_t hysteresis = 30;  // tenths of dB that another must be louder than the speaker
  Nanoseconds silence{10s};      // after so much of it the default returns
};

// For live use: decides from what has been, so a change comes when most of `window` is the new
// speaker's: with the default options 1.1 to 1.6 s after the first word.
class SpeakerDecision {
 public:
  SpeakerDecision(SpeakerOptions options, std::optional<std::size_t> fallback);

  // The levels of the next window, one per person (kNotThere: absent or muted; later calls may have
  // more people, never fewer).  The new speaker, when that changes now.
  std::optional<std::size_t> update(const std::vector<std::int16_t>& levels);
  // Nobody before the first change, unless there is a default.
  std::optional<std::size_t> speaker() const { return speaker_; }

 private:
  struct Person {
    std::deque<std::int16_t> recent;  // of the last `window`, newest last
    std::deque<std::int16_t> past;    // of the last kNoiseMemory, newest last
  };
  std::optional<std::size_t> loudest() const;

  const SpeakerOptions options_;
  const std::optional<std::size_t> fallback_;
  std::vector<Person> people_;
  std::optional<std::size_t> speaker_;
  std::int64_t since_change_;
  std::int64_t quiet_ = 0;
};

// A person is the speaker from this window on.
struct SpeakerChange {
  std::size_t window = 0;
  std::size_t person = 0;

  friend bool operator==(const SpeakerChange&, const SpeakerChange&) = default;
};

// For recordings: decides from what was and what will be, so that a change stands at the first
// word. `people[p][w]` is person p's level in window w; rows may differ in length, what is missing
// is kNotThere.  Of all assignments without two changes within `hold` the one that shows who speaks
// for the longest time, with as few changes as that allows.  The first change stands at window 0.
std::vector<SpeakerChange> decide_speakers(const std::vector<Levels>& people,
                                           const SpeakerOptions& options,
                                           std::optional<std::size_t> fallback);

}  // namespace rostrum
