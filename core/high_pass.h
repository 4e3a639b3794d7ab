// SPDX-License-Identifier: LGPL-2.1-or-later
// What a voice's high-pass leaves, for measuring how loud the voice will be.  The film is filtered
// by GStreamer's audiocheblimit, which has the same response.
#pragma once

#include <array>
#include <span>

namespace rostrum {

// Butterworth, second order, of interleaved stereo.
class HighPass {
 public:
  HighPass(double cutoff, int rate);  // Hz

  void filter(std::span<float> samples);

 private:
  struct Memory {
    double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  };

  double gain_;
  double a1_;
  double a2_;
  std::array<Memory, 2> channels_;
};

}  // namespace rostrum
