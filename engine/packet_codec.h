// SPDX-License-Identifier: LGPL-2.1-or-later
// A decoder of sound without a pipeline around it: packets go in and samples come out in the thread
// of who asks.  Handing them from thread to thread costs more than decoding them.
#pragma once

#include "lib/gst_ptr.h"

#include <deque>
#include <memory>
#include <string>

namespace rostrum {

class PacketCodec {
 public:
  // Of packets with these caps.  Null where it cannot be made.
  static std::unique_ptr<PacketCodec> make(GstElementFactory* decoder, const GstCaps* packets);
  ~PacketCodec();
  PacketCodec(const PacketCodec&) = delete;
  PacketCodec& operator=(const PacketCodec&) = delete;

  // Before the first packet, and before one from elsewhere: what went in before is forgotten.
  void begin(const GstSegment& segment);
  // False when no more is to come; failed() says whether that is an error.
  bool push(GstPtr<GstBuffer> packet);
  // No more packets: what the decoder holds comes out.
  void end();

  // The next one that was decoded; null when there is none yet.
  GstPtr<GstSample> take();
  // The same, but it stays.
  GstSample* front() const { return decoded_.empty() ? nullptr : decoded_.front().get(); }
  bool failed() const { return failed_; }
  // What the decoder said, a clause.
  std::string problem() const;

 private:
  PacketCodec(GstPtr<GstElement> decoder);
  bool connect(const GstCaps* packets);
  void take_event(GstEvent* event);

  GstPtr<GstElement> decoder_;
  GstPtr<GstBus> bus_;
  GstPtr<GstPad> in_;
  GstPtr<GstPad> out_;
  // Set by the decoder, in the thread that pushes.
  GstPtr<GstCaps> caps_;
  GstSegment segment_{};
  std::deque<GstPtr<GstSample>> decoded_;
  bool begun_ = false;
  bool failed_ = false;
};

}  // namespace rostrum
