// SPDX-License-Identifier: LGPL-2.1-or-later
// How loud sound at 48 kHz is.
#pragma once

#include "core/loudness.h"

#include <memory>
#include <span>

namespace rostrum {

// Loudness by libebur128, the true peak by TruePeakMeter, which takes a tenth of the time.
class LoudnessMeter {
 public:
  enum class Wanted { windows, programme };
  enum class Channels {
    two,
    one,       // counts once, as BS.1770 has it
    one_twice  // is what both channels play
  };
  explicit LoudnessMeter(Wanted wanted, Channels channels = Channels::two);
  LoudnessMeter(LoudnessMeter&&) noexcept;
  ~LoudnessMeter();

  // Interleaved samples.
  void add(std::span<const float> samples);
  void add_silence(std::int64_t frames);

  // Of the last kLoudnessWindow, in LUFS; -HUGE_VAL for silence.
  double window() const;
  // Of all that came to meters of Wanted::programme, each of which heard another piece.
  static ProgrammeLoudness programme(std::span<const LoudnessMeter> pieces);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rostrum
