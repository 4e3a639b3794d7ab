// SPDX-License-Identifier: LGPL-2.1-or-later
// The decoded samples between a decoder's thread and the thread that reads them.
#pragma once

#include "engine/decoder_signal.h"
#include "lib/gst_ptr.h"

#include <cstddef>
#include <memory>

namespace rostrum {

// Both threads work in bursts: the decoder stops at `most` samples and goes on at `least`, the
// reader is woken when `wake` have come. Waking the other thread for every sample costs more than
// the queue (measured: about 2 % of a render's CPU time).
struct QueueLimits {
  int most;
  int least;
  int wake;
};

class SampleQueue {
 public:
  SampleQueue(DecoderSignal& signal, QueueLimits limits)
      : signal_{signal}, wanted_{limits}, limits_{limits} {}

  // Takes over the callbacks of an appsink, which keep `owner` alive: whatever holds this queue.
  void attach(GstElement* appsink, std::shared_ptr<void> owner);

  // Under the signal's mutex:
  GstPtr<GstSample> take();         // the next one; nullptr when there is none yet, or no more
  bool ended() const;               // everything has been taken
  void close() { closed_ = true; }  // the decoder does not wait any more
  // Samples are so large from now on: of large ones fewer wait.
  void set_sample_size(std::size_t bytes);

 private:
  void on_sample();
  void on_flush(bool begins);

  DecoderSignal& signal_;
  const QueueLimits wanted_;
  GstElement* sink_ = nullptr;  // borrowed; constant once attached
  // Under the signal's mutex:
  QueueLimits limits_;
  int queued_ = 0;
  bool flushing_ = false;  // for a seek
  bool closed_ = false;
};

}  // namespace rostrum
