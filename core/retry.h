// SPDX-License-Identifier: LGPL-2.1-or-later
// What to do when a worker has ended: a pure decision.
#pragma once

#include "core/result.h"

#include <cstdint>
#include <optional>

namespace rostrum {

// How a worker ended.
struct WorkerExit {
  enum class How { done, reported, crashed, stalled, killed, oversized } how = How::done;
  std::optional<Error> error;   // `reported`: what the worker itself said
  std::int64_t most_bytes = 0;  // `oversized`: what it was allowed
};

enum class NextStep {
  accept,        // the chunk is there
  again,         // once more as it is
  again_fewer,   // once more, with one worker less at a time: the system killed it, most likely for
                 // memory
  find_culprit,  // try its sources one by one, and go on without the one that kills
  give_up
};

// `attempts`: how often this work has been tried, this time included.
constexpr NextStep next_step(const WorkerExit& exit, int attempts) {
  constexpr int kTries = 2;
  constexpr int kTriesKilled = 5;
  switch (exit.how) {
  case WorkerExit::How::done:
    return NextStep::accept;
  case WorkerExit::How::reported:
    // It knows what is wrong, and it would be wrong again; but a new encoder is a new film, which
    // is worth a second try.
    return exit.error && exit.error->kind == Kind::encoder && attempts < kTries ? NextStep::again
                                                                                : NextStep::give_up;
  case WorkerExit::How::killed:
    return attempts < kTriesKilled ? NextStep::again_fewer : NextStep::give_up;
  case WorkerExit::How::crashed:
  case WorkerExit::How::stalled:
  case WorkerExit::How::oversized:
    break;
  }
  return attempts < kTries ? NextStep::again : NextStep::find_culprit;
}

}  // namespace rostrum
