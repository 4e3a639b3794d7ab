// SPDX-License-Identifier: LGPL-2.1-or-later
// What can be seen of a medium at its demuxer: the zero of its time, when the first of its pictures
// and sounds begins, and whether it still moves.
#pragma once

#include "engine/decoder_signal.h"

#include <gst/gst.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

namespace rostrum {

// kNoTime outside the segment's reach.
Nanoseconds stream_time(const GstSegment& segment, GstClockTime pts);

// Lives as long as the pipeline it watches.
class MediumWatch {
 public:
  explicit MediumWatch(DecoderSignal& signal) : signal_{signal} {}
  MediumWatch(const MediumWatch&) = delete;
  MediumWatch& operator=(const MediumWatch&) = delete;

  // Before data flows.
  void watch(GstElement* decodebin);
  // After preroll.  `given_up` is asked under the signal's mutex.  Never less than 0: what comes
  // before is only there to feed a decoder.
  Nanoseconds wait_start(const std::function<bool()>& given_up);
  // Where the last picture ends by its packet (stream time), if it stands at `pts`: decoders say
  // only the usual length.  kNoTime: the last packet is another one.
  Nanoseconds end_of_last(Nanoseconds pts);
  // So far, of all streams; any thread.
  std::uint64_t packets() const { return packets_; }

 private:
  void on_demuxer(GstElement* demuxer);
  void on_stream(GstPad* pad);
  void on_first_packet(GstPad* pad, GstBuffer* packet);
  void on_picture(GstPad* pad, GstBuffer* packet);

  DecoderSignal& signal_;
  std::atomic<std::uint64_t> packets_{0};
  // Under the signal's mutex:
  int unseen_ = 0;  // streams of pictures and sound without a packet yet
  std::optional<Nanoseconds> first_;
  Nanoseconds last_ = kNoTime;  // greatest time of a picture's packet
  Nanoseconds last_end_ = kNoTime;
};

}  // namespace rostrum
