// SPDX-License-Identifier: LGPL-2.1-or-later
// How the level of a sound changes, finely enough to tell where in time it stands.
#pragma once

#include "core/clip_schedule.h"

#include <span>
#include <vector>

namespace rostrum {

// A level for each so much sound.
inline constexpr Nanoseconds kEnvelopeStep = 5ms;
// In dB, of the sound without its lowest tones.
using Envelope = std::vector<float>;

class EnvelopeMeter {
 public:
  explicit EnvelopeMeter(int channels) : before_(static_cast<std::size_t>(channels)) {}

  // Interleaved samples at 48 kHz.
  void add(std::span<const float> samples);
  Envelope take() { return std::move(found_); }

 private:
  std::vector<float> before_;  // the last sample of each channel
  std::int64_t count_ = 0;     // samples of each channel in the step in hand
  double energy_ = 0;          // of these
  Envelope found_;
};

}  // namespace rostrum
