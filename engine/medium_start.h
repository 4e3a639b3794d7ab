// SPDX-License-Identifier: LGPL-2.1-or-later
// The zero of a medium's time: when the first of its pictures and sounds begins.
#pragma once

#include "engine/decoder_signal.h"

#include <gst/gst.h>

#include <functional>
#include <optional>

namespace rostrum {

// kNoTime outside the segment's reach.
Nanoseconds stream_time(const GstSegment& segment, GstClockTime pts);

// Lives as long as the pipeline it watches.
class MediumStart {
 public:
  explicit MediumStart(DecoderSignal& signal) : signal_{signal} {}
  MediumStart(const MediumStart&) = delete;
  MediumStart& operator=(const MediumStart&) = delete;

  // Before data flows.
  void watch(GstElement* decodebin);
  // After preroll.  `given_up` is asked under the signal's mutex.  Never less than 0: what comes
  // before is only there to feed a decoder.
  Nanoseconds wait(const std::function<bool()>& given_up);

 private:
  void on_demuxer(GstElement* demuxer);
  void on_stream(GstPad* pad);
  void on_packet(GstPad* pad, GstBuffer* packet);

  DecoderSignal& signal_;
  // Under the signal's mutex:
  int unseen_ = 0;  // streams of pictures and sound without a packet yet
  std::optional<Nanoseconds> first_;
};

}  // namespace rostrum
