// SPDX-License-Identifier: LGPL-2.1-or-later
// Who talks in each window of 0.1 s, before anything is decided.  Internal to core/speaker*.cpp.
#pragma once

#include "core/speaker.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rostrum {

float power_of(double dbfs);

// A time in level windows, rounded up, at least one.
std::int64_t windows_of(Nanoseconds t);

inline constexpr std::int32_t kNoTalker = -1;

struct Talk {
  std::vector<std::int32_t> talker;      // per window the loudest who talks, kNoTalker without one
  std::vector<bool> several;             // two or more talk, whether or not one of them stands out
  std::vector<std::vector<bool>> talks;  // [person][window] talks, loudest or not
  std::vector<std::vector<bool>> audible;  // [person][window] is present and not muted
};

// Takes in one microphone after the other.
class TalkFinder {
 public:
  TalkFinder(std::size_t windows, const SpeakerOptions& options);

  // The next person: of each window the power of full scale, 0 where it is not audible.
  void add(const std::vector<float>& power, std::vector<bool> audible);

  // `last` is who talked before the first window: hysteresis favours them.
  Talk find(std::int32_t last = kNoTalker);

 private:
  // One person's talk in one window.
  struct Voice {
    std::uint32_t window;
    std::int32_t person;
    float power;     // around the window: for the margin
    float loudness;  // over `window`: who is the loudest
  };
  using Voices = std::span<const Voice>;

  static float median_of_others(Voices voices, const Voice& self, std::size_t audible);
  void sum(const std::vector<float>& power);
  float mean(std::int64_t from, std::int64_t to) const;
  std::vector<std::size_t> sort_by_window();
  std::size_t count_audible(std::size_t window) const;
  void note(Voices voices, std::size_t window, std::int32_t last);
  void give_pauses_to_talkers();

  std::size_t windows_;
  SpeakerOptions options_;
  float margin_;
  float hysteresis_;
  std::vector<double> sums_;  // of the power of the microphone that is being added
  std::vector<Voice> voices_;
  Talk talk_;
};

// The talk that is known from a log: [person][window].
Talk logged_talk(std::vector<std::vector<bool>> talks, std::vector<std::vector<bool>> audible);

// The level windows of talk, within two times `window`, that make a speaker: with less it is an
// interjection or a cough.
std::size_t least_talk(const SpeakerOptions& options);

// Takes out who talks for less than that.
void drop_interjections(Talk& talk, const SpeakerOptions& options);

// Pauses of a turn, in which nobody else talks, belong to it: up to `window`.
void join_turns(Talk& talk, const SpeakerOptions& options);

}  // namespace rostrum
