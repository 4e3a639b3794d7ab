// SPDX-License-Identifier: LGPL-2.1-or-later
// The data path of speakerswitch: buffers, events and queries of its pads.
//
// Locks: SwitchState's is held only inside its functions. Pushing is done by whoever has taken the
// output there; seeks come one at a time.
#pragma once

#include "speakerswitch/switch_output.h"
#include "speakerswitch/switch_state.h"

#include <functional>

namespace rostrum {

class Switchboard {
 public:
  explicit Switchboard(GstElement* element) : element_{element} {}

  SwitchState& state() { return state_; }

  // In init, and in NULL.
  void set_output(Medium medium, GstPad* pad);
  SwitchOutput* output(Medium medium) { return outputs_[static_cast<std::size_t>(medium)].get(); }

  void start();
  void remove(SwitchInput& input);
  // Posts and notifies the changes of speaker; and ends what has ended.
  void announce();

  // Sink pads.
  GstFlowReturn chain(SwitchInput& input, GstPtr<GstBuffer> buffer);
  bool event(SwitchInput& input, GstPad* pad, GstPtr<GstEvent> event);
  bool query(SwitchInput& input, GstPad* pad, GstQuery* query);

  // Source pads.
  bool source_event(Medium medium, GstPad* pad, GstPtr<GstEvent> event);
  bool source_query(Medium medium, GstPad* pad, GstQuery* query);

 private:
  using Each = std::function<bool(SwitchInput&, GstPad*)>;

  struct Place {
    GstPtr<GstBuffer> buffer;  // what lies in the segment
    Nanoseconds start{0};      // running time
    Nanoseconds end{0};
  };
  static std::optional<Place> place(const SwitchInput& input, GstPtr<GstBuffer> buffer);

  void measure(SwitchInput& input, const Place& place);
  GstFlowReturn flow(const SwitchInput& input);
  void gap(SwitchInput& input, GstEvent* event);
  bool set_caps(SwitchInput& input, GstEvent* event);
  bool set_segment(SwitchInput& input, GstEvent* event);
  bool query_caps(SwitchInput& input, GstPad* pad, GstQuery* query);
  bool query_latency(GstQuery* query);
  void ask_latency();
  bool seek(GstEvent* event);
  bool flushing_seek(GstEvent* event);
  // True when it was for one.
  bool for_each_input(const Each& each);
  bool for_active(Medium medium, const Each& each);
  void flush_outputs(bool begin, guint32 seqnum);

  GstElement* element_;  // owns this
  SwitchState state_;
  std::array<std::unique_ptr<SwitchOutput>, 2> outputs_;
  std::atomic<bool> latency_known_ = false;
  std::mutex seek_mutex_;  // held through a seek: others of the same event wait for its result
  guint32 last_seek_ = GST_SEQNUM_INVALID;
  bool last_seek_done_ = false;
};

}  // namespace rostrum
