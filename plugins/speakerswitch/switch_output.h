// SPDX-License-Identifier: LGPL-2.1-or-later
// One source pad of speakerswitch: a single stream, in running time, of whoever is the speaker.
#pragma once

#include "speakerswitch/switch_input.h"

#include <atomic>

namespace rostrum {

// Not thread-safe but for flow(): whoever has taken the output in SwitchState calls.
class SwitchOutput {
 public:
  SwitchOutput(GstPad* pad, Medium medium) : pad_{pad}, medium_{medium} {}

  // The speaker's, which begins at running time `start` and ends at `end`.
  GstFlowReturn push(const SwitchInput& from, GstPtr<GstBuffer> buffer, Nanoseconds start,
                     Nanoseconds end);
  void gap(const SwitchInput& from, Nanoseconds start, Nanoseconds duration);
  void end();
  void flushed();
  // A new run; `group` of the stream.
  void start(guint group);

  // What upstream must be told even when it is not shown; any thread.
  GstFlowReturn flow() const { return flow_; }
  GstPad* pad() const { return pad_; }

 private:
  void begin(const SwitchInput* from);
  GstPtr<GstBuffer> fit(const SwitchInput& from, GstPtr<GstBuffer> buffer, Nanoseconds& start,
                        Nanoseconds end);

  GstPad* pad_;  // the element's
  Medium medium_;
  std::atomic<GstFlowReturn> flow_{GST_FLOW_OK};
  guint group_ = GST_GROUP_ID_INVALID;
  bool stream_started_ = false;
  bool segment_sent_ = false;
  GstPtr<GstCaps> caps_;
  std::uint64_t last_ = 0;  // serial of the input that was put out last
  bool any_ = false;        // something was put out
  Nanoseconds start_{0};    // of what was put out last
  Nanoseconds end_{0};
};

}  // namespace rostrum
