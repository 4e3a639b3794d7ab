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
  bool refused = false;         // `reported`: the encoder did not begin, or said that it is busy
};

enum class NextStep {
  accept,       // the chunk is there
  again,        // once more as it is
  again_fewer,  // once more, with one worker less at a time: the system killed it, most likely for
                // memory
  other_encoder,     // by the next encoder, if there is one, else once more
  wait_for_session,  // when the encoder can serve it: see SessionLimit
  find_culprit,      // try its sources one by one, and go on without the one that kills
  give_up
};

// How often something is tried before it is believed.
inline constexpr int kTries = 2;

// `attempts`: how often this work has been tried, this time included.
constexpr NextStep next_step(const WorkerExit& exit, int attempts) {
  constexpr int kTriesKilled = 5;
  switch (exit.how) {
  case WorkerExit::How::done:
    return NextStep::accept;
  case WorkerExit::How::reported:
    // It knows what is wrong, and it would be wrong again.
    if (!exit.error || exit.error->kind != Kind::encoder) return NextStep::give_up;
    return exit.refused ? NextStep::wait_for_session : NextStep::other_encoder;
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
