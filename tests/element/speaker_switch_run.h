// SPDX-License-Identifier: LGPL-2.1-or-later
// speakerswitch in a pipeline, with scripted people before it and what comes out written down.
#pragma once

#include "core/speaker.h"
#include "lib/gst_ptr.h"

#include <gst/check/gsttestclock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace rostrum::test {

struct Latency {  // what a source answers
  bool live = false;
  GstClockTime min = 0;
  GstClockTime max = GST_CLOCK_TIME_NONE;
};

// What a source pad keeps, as long as it is there.
struct SourceState {
  Latency latency;
  std::atomic<int> seeks{0};         // that came
  std::atomic<bool> flushed{false};  // must begin() again
};

// A source pad that is linked to a sink pad of the switch.
class Talker {
 public:
  Talker(GstElement* element, const std::string& name, Latency latency, int rate = 48000);
  ~Talker() { unlink(); }
  Talker(const Talker&) = delete;
  Talker& operator=(const Talker&) = delete;

  // Stream-start, caps and segment.
  void begin(const char* caps = nullptr);
  // A square wave at that level.
  GstFlowReturn sound(Nanoseconds start, Nanoseconds length, double dbfs);
  GstFlowReturn frame(Nanoseconds start, Nanoseconds length);
  bool event(GstEvent* event) { return gst_pad_push_event(pad_.get(), event); }
  void eos() { event(gst_event_new_eos()); }
  // As a source does that seeks.
  void flush();
  // Releases the sink pad, once; has been done when this returns.
  void unlink();

  GstPad* pad() { return pad_.get(); }
  GstPad* sink() { return sink_.get(); }
  SourceState& state();

 private:
  std::string name_;
  int rate_;
  GstPtr<GstElement> element_;
  GstPtr<GstPad> pad_;
  GstPtr<GstPad> sink_;
  std::once_flag released_;
};

struct Shown {  // a buffer that came out
  Nanoseconds start{0};
  Nanoseconds length{0};
  std::string caps;
  std::size_t bytes = 0;
  guint8 mark = 0;  // the first byte: the number of the pad, of a frame
  bool discont = false;
  Nanoseconds clock{0};  // when it came
};

struct Said {  // a rostrum-speaker message
  Nanoseconds at{0};
  std::string old_pad;
  std::string new_pad;
  std::vector<std::pair<std::string, double>> levels;
};

class SwitchRun {
 public:
  // Properties as in a launch line.
  explicit SwitchRun(const std::string& properties = "");
  ~SwitchRun();
  SwitchRun(const SwitchRun&) = delete;
  SwitchRun& operator=(const SwitchRun&) = delete;

  void play();
  void set_clock(Nanoseconds t) {
    gst_test_clock_set_time(clock_, static_cast<GstClockTime>(t.count()));
  }

  // Lets the clock go from one deadline to the next until nobody is busy; with `all` only while
  // everybody who is waits for it.
  void drive(const std::atomic<int>& busy, bool all);

  GstElement* element() { return element_.get(); }
  GstElement* pipeline() { return pipeline_.get(); }
  GstTestClock* clock() { return clock_; }
  std::vector<Shown> shown(const char* pad);  // "video" or "audio"
  int count(const char* pad, GstEventType type);
  std::vector<Said> said();
  std::string active();

 private:
  static GstPadProbeReturn note(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  GstPtr<GstElement> pipeline_;
  GstPtr<GstElement> element_;
  GstTestClock* clock_;
  std::mutex mutex_;  // of what follows
  std::vector<Shown> shown_[2];
  std::vector<GstEventType> events_[2];
};

// --- a script: what everybody's level is in each window of 0.1 s

struct Script {
  std::vector<std::vector<float>> levels;  // [person][window]
  std::size_t windows() const { return levels.front().size(); }
  double at(std::size_t person, Nanoseconds t) const {
    const auto window = static_cast<std::size_t>(t / kLevelWindow);
    return window < windows() ? levels[person][window] : kSilence;
  }
};

// Turns, pauses and silences from a seed.
Script make_script(std::size_t people, Nanoseconds length, unsigned seed);
// What the causal decision makes of it, the first choice from 0 on.
std::vector<Switch> decide(const Script& script, const SpeakerOptions& options);

// People with a camera of 25 frames a second and a microphone each, whose buffers differ in length.
class Meeting {
 public:
  Meeting(std::size_t people, Latency latency, const std::string& properties = "");

  SwitchRun run;
  std::vector<std::unique_ptr<Talker>> cameras;
  std::vector<std::unique_ptr<Talker>> microphones;

  void begin();
  // One after the other, each buffer when the clock stands at its end.
  void push_all(const Script& script, Interval interval);
  // What one pad brings.
  void push_camera(std::size_t person, Interval interval);
  void push_microphone(std::size_t person, const Script& script, Interval interval);
  static Nanoseconds buffer_length(std::size_t person);
};

inline constexpr Nanoseconds kFrame = 40ms;

}  // namespace rostrum::test
