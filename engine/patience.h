// SPDX-License-Identifier: LGPL-2.1-or-later
// How long to wait for something that may never come, on a machine that may be busy.
#pragma once

#include "core/timeline.h"

#include <chrono>

namespace rostrum {

// Ends after `limit` of wall time if by then all other threads of the process sleep: what they wait
// for will not come.  While one of them wants to run (it computes, reads from a disk, or waits for
// a core that others have) it ends after kMostLimits times as long: a healthy medium is slow on a
// machine that is busy, and a decoder that turns in circles must not be waited for for ever.  Where
// the system does not tell what threads do, they sleep.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kMostLimits = 3;

  explicit Patience(Nanoseconds limit, Clock::time_point now = Clock::now());

  // When to ask next whether it is over.
  Clock::time_point until() const { return until_; }
  // Stays true once it is.  Moves until() on when it is past and not the end.
  bool over(Clock::time_point now = Clock::now());

 private:
  Clock::duration step_;
  Clock::time_point until_;
  Clock::time_point last_;
  bool over_ = false;
};

}  // namespace rostrum
