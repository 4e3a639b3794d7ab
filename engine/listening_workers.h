// SPDX-License-Identifier: LGPL-2.1-or-later
// Listens to media by confined worker processes.
#pragma once

#include "core/listening.h"
#include "engine/levels.h"
#include "engine/media_workers.h"

#include <functional>
#include <string>
#include <vector>

namespace rostrum {

struct ToHear {
  std::string path;
  Nanoseconds duration{0};
  Listening listening;
};

struct HeardSound {
  SoundLevels levels;
  std::string problem;  // a clause: why what could not be measured is silent; "" = nothing is wrong
};

// The levels of each of these media.
using Listen = std::function<Result<std::vector<HeardSound>>(const std::vector<ToHear>&)>;

// Measures them as measure_levels() does, in workers: see run_media_workers(), also for the errors.
// A medium that ends its worker is silent.
Listen listen_by_workers(MediaWorkers how);

}  // namespace rostrum
