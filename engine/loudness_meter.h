// SPDX-License-Identifier: LGPL-2.1-or-later
// Loudness and true peak by libebur128.
#pragma once

#include "core/loudness.h"

#include <memory>
#include <span>

namespace rostrum {

// Of sound at 48 kHz: stereo, or one channel, which counts once as BS.1770 has it.
class LoudnessMeter {
 public:
  enum class Wanted { windows, programme };
  explicit LoudnessMeter(Wanted wanted, int channels = 2);
  ~LoudnessMeter();

  // Interleaved samples.
  void add(std::span<const float> samples);
  void add_silence(std::int64_t frames);

  // Of the last kLoudnessWindow, in LUFS; -HUGE_VAL for silence.
  double window() const;
  // Of all that came; only Wanted::programme.
  ProgrammeLoudness programme() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rostrum
