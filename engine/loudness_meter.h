// SPDX-License-Identifier: LGPL-2.1-or-later
// How loud sound at 48 kHz is.
#pragma once

#include "core/loudness.h"

#include <cstdint>
#include <memory>
#include <span>

namespace rostrum {

// Loudness by libebur128; the true peak by TruePeakMeter, which takes a tenth of the time.
class LoudnessMeter {
 public:
  enum class Wanted { windows, windows_and_peak };
  enum class Channels {
    two,
    one,       // counts once, as BS.1770 has it
    one_twice  // is what both channels play
  };
  explicit LoudnessMeter(Wanted wanted, Channels channels = Channels::two);
  ~LoudnessMeter();

  // Interleaved samples.
  void add(std::span<const float> samples);
  void add_silence(std::int64_t frames);

  // Of the last kLoudnessWindow, in LUFS; -HUGE_VAL for silence.
  double window() const;
  // The largest true peak, as an amplitude; 0 for Wanted::windows.
  float true_peak() const;
  // Begins anew; what came last still counts where a peak lies across it.
  void forget_peak();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rostrum
