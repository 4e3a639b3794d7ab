// SPDX-License-Identifier: LGPL-2.1-or-later
// The level of one microphone per window of 0.1 s of running time.
#pragma once

#include "core/speaker.h"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace rostrum {

enum class SampleFormat { f32, s16, s32 };

// Interleaved samples in the machine's byte order.
struct Samples {
  const void* data;
  std::size_t frames;
  unsigned channels;
  SampleFormat format;
};

class LevelMeter {
 public:
  // Samples from `start` on, `rate` frames per second of running time.  Those of windows that were
  // taken already are left out: they came too late.
  void add(const Samples& samples, double rate, Nanoseconds start);

  // The RMS over all channels in dBFS.  Time without samples is silence.  Windows are taken in
  // order; those that are left out are forgotten.
  float take(std::int64_t window);

  // Forgets what was added; windows before `first` are taken.
  void clear(std::int64_t first);

  bool empty() const { return power_.empty(); }

 private:
  double& window_at(std::int64_t window);

  std::int64_t first_ = 0;    // window of power_.front()
  std::deque<double> power_;  // mean square
};

}  // namespace rostrum
