// SPDX-License-Identifier: LGPL-2.1-or-later
// What the pads of speakerswitch know together: how far each has got, who is the speaker when, and
// which buffer may go.  Never pushes, posts or notifies.
#pragma once

#include "speakerswitch/switch_speakers.h"

#include <array>
#include <condition_variable>
#include <mutex>

namespace rostrum {

struct SwitchSettings {
  SpeakerOptions options;
  std::string default_pad;
  std::string active_pad;  // wished with automatic = false
  bool automatic = true;
};

// What becomes of a buffer.
enum class Fate { put_out, drop, flushing };

class SwitchState {
 public:
  // --- the element's life; any thread
  void start();
  // Ends all waits.
  void stop();
  // Live deadlines count from base_time by this clock; nothing while paused.
  void set_clock(GstPtr<GstClock> clock, GstClockTime base_time);
  // As the peers answered; nothing: they are not live.
  void set_latency(std::optional<Nanoseconds> live);

  SwitchSettings settings();
  template <typename Change>
  void change_settings(Change change) {
    const std::lock_guard lock{mutex_};
    change(settings_);
    apply_wish();
    wake();
  }

  // --- pads; any thread
  std::shared_ptr<SwitchInput> add(Medium medium, guint number, std::string name);
  void release(SwitchInput& input);
  void flush_start(SwitchInput& input);
  void flush_stop(SwitchInput& input);
  SwitchInputs inputs();
  std::string active_pad();
  bool is_active(const SwitchInput& input);
  // Changes of speaker that nobody has announced, in order.  The caller announces them and asks
  // again until there are none; until then others get none.
  std::vector<SpeakerChange> next_changes(bool again);

  // --- a pad's streaming thread
  void stream_start(SwitchInput& input);
  void end(SwitchInput& input);
  // What begins at `start` has arrived; `level` measures it.
  template <typename Measure>
  void arrive(SwitchInput& input, Nanoseconds start, Nanoseconds end, Measure measure) {
    const std::lock_guard lock{mutex_};
    if (input.stale) return;
    if (!input.begun) input.begun = start;
    input.passed = std::max(input.passed, start);
    measure(input.meter);
    input.known = std::max({input.known, start, end});
    if (decide_windows() || input.awaited) wake();
  }
  // Waits until it is known what becomes of what begins at `start`.  put_out: the caller has the
  // output of this medium for itself until leave_output().
  Fate await(SwitchInput& input, Nanoseconds start);
  void leave_output(SwitchInput& input, Nanoseconds end);
  void dropped(SwitchInput& input, Nanoseconds end);

  // --- outputs
  // True: all pads of the medium are at their end and EOS is due; the caller has the output until
  // free_output().
  bool take_output_for_end(Medium medium);
  void free_output(Medium medium);

  // --- a flushing seek, downstream being flushed between the two
  void seek_start();
  // Waits for those who push.
  void seek_quiet();
  void seek_end(const SwitchInputs& refused);

 private:
  struct Output {
    bool busy = false;
    bool ended = false;
    Nanoseconds next{0};  // running time after the start of what was put out last
  };
  Output& output(Medium medium) { return outputs_[static_cast<std::size_t>(medium)]; }

  void wake();
  void wait(std::unique_lock<std::mutex>& lock, SwitchInput& input,
            std::optional<Nanoseconds> deadline);
  std::optional<Nanoseconds> due() const;
  bool is_due(Nanoseconds t) const { return due().value_or(kNoTime) >= t; }
  Nanoseconds sure() const;
  bool decide_windows();
  void note(std::optional<SpeakerChange> change);
  void begin();
  void apply_wish();
  void passed(SwitchInput& input, Nanoseconds end);
  SwitchInput* input_of(std::size_t person, Medium medium) const;
  bool waits_for(SwitchInput* other, Nanoseconds t) const;
  // What `input` has to wait for before its time `start`, and until when at most.
  struct Obstacle {
    std::optional<Nanoseconds> deadline;  // running time
  };
  std::optional<Obstacle> obstacle(SwitchInput& input, Nanoseconds start);

  std::mutex mutex_;
  std::condition_variable changed_;
  SwitchSettings settings_;
  SwitchInputs inputs_;
  SwitchSpeakers speakers_;
  std::array<Output, 2> outputs_;
  std::vector<SpeakerChange> changes_;
  bool announcing_ = false;
  bool running_ = false;
  bool seeking_ = false;
  GstPtr<GstClock> clock_;
  Nanoseconds base_{0};
  std::optional<Nanoseconds> latency_;  // of the peers, when they are live
};

}  // namespace rostrum
