// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is the active speaker, decided from the levels of everybody's microphone.  docs/speaker.md
// has the rules and how well they do.
#pragma once

#include "core/timeline.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace rostrum {

inline constexpr Nanoseconds kLevelWindow = 100ms;  // one level is the RMS of this much sound
inline constexpr float kSilence = -std::numeric_limits<float>::infinity();  // dBFS

struct SpeakerOptions {
  Nanoseconds window = 2s;    // who is heard for more than half of it is speaking
  Nanoseconds hold = 4s;      // least time from one change to the next
  double threshold = -45;     // dBFS over the window
  double margin = 6;          // dB over the median of the other people
  double hysteresis = 3;      // dB by which another must be louder than who is being heard
  Nanoseconds silence = 10s;  // then the default person returns

  friend bool operator==(const SpeakerOptions&, const SpeakerOptions&) = default;
};

inline constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

// From a moment on this person is the speaker (kNobody: nobody is there).
struct Switch {
  Nanoseconds from{0};
  std::size_t person = kNobody;

  friend bool operator==(const Switch&, const Switch&) = default;
};

// A recorded person.
struct PersonLevels {
  std::vector<float> levels;  // dBFS, one per kLevelWindow from 0 on; kSilence after the last
  std::vector<Interval> present;
  std::vector<Interval> muted;
  bool presenter = false;
  // Where there is a picture to show, so that they can be the speaker; absent: wherever present.
  std::optional<std::vector<Interval>> visible = std::nullopt;
  // When they talk, where a log says so: then `levels` is not looked at.  Of all people or of none.
  std::optional<std::vector<Interval>> talks = std::nullopt;
};

// The speakers of a recording from 0 to `end`, the first one from 0 on.  Looks ahead: the change
// stands where the talk begins.  Among all sequences that `hold` allows it is the one that shows
// who is speaking for the longest time.
std::vector<Switch> decide_speakers(const std::vector<PersonLevels>& people, Nanoseconds end,
                                    const SpeakerOptions& options);

// When each person talks, whoever else does, in whole level windows and in order.  Of the levels
// what lasts less than 0.3 s is no talk, nor what is 20 dB below another voice at the same time:
// that voice is in this microphone, too.
std::vector<std::vector<Interval>> talk_times(const std::vector<PersonLevels>& people,
                                              Nanoseconds end, const SpeakerOptions& options);

// The speaker at a moment of such a sequence.
std::size_t speaker_at(const std::vector<Switch>& switches, Nanoseconds t);

// A person at one moment of a live meeting.
struct Heard {
  float level = kSilence;  // dBFS of the last kLevelWindow
  bool present = true;
  bool muted = false;
  bool presenter = false;
};

// The same decision for live use, from the past alone: who begins to talk becomes the speaker when
// more than half of `window` is theirs, or at the end of `hold`.
class SpeakerDecision {
 public:
  explicit SpeakerDecision(const SpeakerOptions& options) : options_{options} {}

  // The levels of the kLevelWindow that ends at t.  A person keeps the index; new ones are added at
  // the end.  Windows that are left out count as silence.
  std::optional<Switch> update(Nanoseconds t, std::span<const Heard> people);

  std::size_t current() const { return current_; }

 private:
  struct Memory {  // the last few seconds of a person
    std::vector<float> power;
    std::vector<bool> audible;
    std::int64_t present_for = 0;  // windows
  };

  void remember(std::span<const Heard> people);
  std::size_t talker(Nanoseconds t);
  std::size_t default_person(std::span<const Heard> people) const;

  SpeakerOptions options_;
  std::vector<Memory> memory_;
  std::size_t current_ = kNobody;
  std::optional<Nanoseconds> now_;
  std::optional<Nanoseconds> changed_;  // when the speaker changed last
  std::optional<Nanoseconds> heard_;    // when somebody spoke last
};

}  // namespace rostrum
