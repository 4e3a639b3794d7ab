// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is the speaker when, decided window by window from what the pads have measured.
#pragma once

#include "core/speaker.h"
#include "speakerswitch/switch_input.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rostrum {

struct SpeakerChange {
  Nanoseconds at{0};                                  // running time
  std::string old_pad;                                // empty: nobody
  std::string new_pad;                                // empty: nobody
  std::vector<std::pair<std::string, float>> levels;  // audio pad, dBFS of the last window
};

// Not thread-safe: SwitchState calls with its lock held.
class SwitchSpeakers {
 public:
  // Begins at running time 0.  People stay.
  void start(const SpeakerOptions& options);

  // The person of that number; a new one, or one that was forgotten long ago, when `inputs` has no
  // pad of the same number.
  std::size_t person_of(guint number, const SwitchInputs& inputs);
  // The person has no pads any more.
  void leave(std::size_t person);

  // Decides the next window.  With `automatic` the speaker follows the decision.
  std::optional<SpeakerChange> decide(const SwitchInputs& inputs, bool automatic,
                                      const std::string& default_pad);
  // The choice before the first window, once.
  std::optional<SpeakerChange> begin(const SwitchInputs& inputs, const std::string& default_pad);
  bool begun() const { return begun_; }
  // From `at` on, or later if that is before the last change.
  std::optional<SpeakerChange> change(Nanoseconds at, std::size_t person,
                                      const SwitchInputs& inputs);

  Nanoseconds decided() const { return next_ * kLevelWindow; }
  std::int64_t next_window() const { return next_; }
  // Leaves out windows in which nobody is heard.
  void skip_to(std::int64_t window) { next_ = std::max(next_, window); }

  std::size_t current() const { return shown_; }
  std::size_t at(Nanoseconds t) const;
  const std::vector<Switch>& history() const { return history_; }
  // All pads have passed t.
  void forget_before(Nanoseconds t);

  // The name of the person's video pad, or of the audio pad without one; empty without either.
  static std::string pad_of(std::size_t person, const SwitchInputs& inputs);

 private:
  struct Person {
    guint number = 0;
    std::optional<Nanoseconds> left;
  };

  std::vector<Heard> listen(const SwitchInputs& inputs, Nanoseconds from, Nanoseconds to);
  void choose_default(std::vector<Heard>& heard, const SwitchInputs& inputs,
                      const std::string& default_pad) const;
  std::size_t fallback(const std::vector<Heard>& heard, const std::vector<bool>& visible) const;
  std::vector<bool> visible_people(const SwitchInputs& inputs, Nanoseconds t) const;

  SpeakerOptions options_;
  SpeakerDecision decision_{options_};
  std::vector<Person> people_;  // by index of the decision
  std::vector<Switch> history_;
  std::size_t shown_ = kNobody;
  std::vector<std::pair<std::string, float>> levels_;
  std::int64_t next_ = 0;  // window
  bool begun_ = false;
};

}  // namespace rostrum
