// SPDX-License-Identifier: LGPL-2.1-or-later
// Buffers of sound on their way through the limiter, and the events between them.
#pragma once

#include "core/limiter.h"
#include "lib/gst_ptr.h"

#include <gst/audio/audio.h>

#include <deque>

namespace rostrum {

// What comes out: one of both, or neither.
struct Released {
  GstPtr<GstBuffer> buffer;
  GstPtr<GstEvent> event;
};

// Streaming thread only.
class LimitedBuffers {
 public:
  LimitedBuffers(const GstAudioInfo& info, double ceiling);

  // Whether a buffer goes on where the last one ended; where nothing is held, any does.
  bool continues(GstBuffer* buffer) const;

  // Sound that goes on.  False when the memory cannot be reached.
  [[nodiscard]] bool push(GstPtr<GstBuffer> buffer);
  // Comes out behind all that is in.
  void push(GstPtr<GstEvent> event);
  // Lets everything out: the sound ends here, and what is pushed next begins anew.
  [[nodiscard]] bool finish();
  // Forgets everything.
  void reset();

  Released pull();
  bool empty() const { return held_.empty() && passed_.empty(); }

  const GstAudioInfo& info() const { return info_; }

 private:
  struct Held {  // `done` of the frames are out
    Released what;
    std::size_t frames = 0;
    std::size_t done = 0;
  };

  bool measure(GstPtr<GstBuffer>& buffer, std::size_t frames);
  bool release();
  GstPtr<GstBuffer> piece(Held& held, std::size_t frames);
  bool apply_gains_to(GstPtr<GstBuffer>& buffer, std::size_t frames);
  GstClockTime duration(std::size_t frames) const;

  GstAudioInfo info_;
  double ceiling_;
  Limiter limiter_;
  GstClockTime next_ = GST_CLOCK_TIME_NONE;  // where the last buffer ends
  std::deque<Held> held_;
  std::deque<Released> passed_;
};

}  // namespace rostrum
