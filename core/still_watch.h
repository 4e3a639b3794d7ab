// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds where a film, or a part of it, stands still or is black, while its frames pass by.
#pragma once

#include "core/signature.h"
#include "core/timeline.h"

#include <optional>
#include <vector>

namespace rostrum {

// An encoder changes what stands still by a few levels from one key frame to the next; means over
// cells change by less.
inline constexpr int kStillTolerance = 6;
// Shorter stretches occur in good films: people who listen sit still, and applications pause.
inline constexpr Nanoseconds kShortestStill = 4s;
// Black is 16; an encoder's noise on it stays under this.
inline constexpr int kBlackLuma = 24;
// The eye takes a shorter black for a cut.
inline constexpr Nanoseconds kShortestBlack = 1s;

struct StillStretch {
  Interval when;
  Signature looks;  // all the while
};

class StillWatch {
 public:
  // The next look, at a time after the last one.
  void look(Nanoseconds t, const Signature& signature, const CellMask& mask);
  // There is nothing more to see up to t, or something else is shown from there on.
  void end(Nanoseconds t);
  std::vector<StillStretch> take() { return std::move(found_); }

 private:
  std::optional<Signature> first_;
  Nanoseconds since_{0};
  std::vector<StillStretch> found_;
};

class BlackWatch {
 public:
  void look(Nanoseconds t, const Signature& signature);
  void end(Nanoseconds t);
  const std::vector<Interval>& found() const { return found_; }

 private:
  std::optional<Nanoseconds> since_;
  std::vector<Interval> found_;
};

}  // namespace rostrum
