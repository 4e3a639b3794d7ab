// SPDX-License-Identifier: LGPL-2.1-or-later
// From the gain that each sample needs to a gain that changes smoothly and is never more than that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace rostrum {

// One minus a gain, in units of 2^-24: whole numbers that a float holds exactly.
using Reduction = std::int32_t;
inline constexpr Reduction kWhole = 1 << 24;  // gain 0

// Frames in a row and the gain of each; no gains: all are 1.
struct GainRun {
  std::size_t frames = 0;
  std::span<const float> gains;
};

struct EnvelopeShape {  // in frames
  std::size_t attack = 1;
  std::size_t spread = 0;  // the gain holds this far around the sample that needs it
  std::size_t hold = 0;
  std::size_t release = 1;  // from a gain of 0 to 1

  // The gain of a frame is made of the needs of so many frames after it …
  constexpr std::size_t look_ahead() const { return attack - 1 + spread; }
  // … and before it.
  constexpr std::size_t memory() const { return attack - 1 + release + hold; }
};

class GainEnvelope {
 public:
  explicit GainEnvelope(const EnvelopeShape& shape);

  // The needs of the next frames; or frames without any.
  void push(std::span<const Reduction> needs);
  void push_none(std::size_t frames);

  // Frames whose gain is known and not taken: those up to look_ahead() before the last one pushed.
  std::size_t ready() const { return ready_; }

  // The first of these, `most` at most.  Holds until the next call of anything.
  GainRun take(std::size_t most);

 private:
  struct Need {
    std::int64_t at;
    Reduction reduction;
  };
  struct Run {  // `gains` as in GainRun; `taken` of the frames are gone
    std::size_t frames;
    std::vector<float> gains;
    std::size_t taken = 0;
  };

  bool rests() const;
  void push_need(Reduction need);
  void append_reduction(Reduction reduction);
  void smooth();
  void append_ones(std::size_t frames);

  EnvelopeShape shape_;
  Reduction step_;              // of the release, per frame
  std::vector<float> weights_;  // of the last `attack` reductions, oldest first
  std::int64_t pushed_ = 0;
  std::deque<Need> needs_;  // those that are the largest from their frame to the last one
  Reduction released_ = 0;
  // From attack - 1 frames before the first on: attack - 1 old ones, then those to be smoothed.
  std::vector<float> reductions_;
  std::vector<std::size_t> steady_;  // beside them: how many equal ones end there
  std::deque<Run> runs_;
  std::size_t ready_ = 0;
};

}  // namespace rostrum
