// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks into media by confined worker processes, in spite of decoders that crash, bloat or hang.
#pragma once

#include "core/media.h"
#include "core/result.h"
#include "engine/assets.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct ProbeWorkers {
  std::string program;                      // the rostrum executable
  std::string spec_dir;                     // where each is told what to do, in a folder of its own
  MediaFiles files = {};                    // opens the media for them
  std::stop_token stop = {};                // ends them at once
  Nanoseconds time = 10s;                   // wall clock, per file; more is a problem of the file
  Nanoseconds stall_timeout = 60s;          // without a word: its decoder holds up all of a worker
  std::int64_t most_memory = 1536LL << 20;  // resident, of one worker
};

// Where in the folder of its job a worker puts what it finds of clocks (PaceCache).
std::string paces_folder(const std::string& folder);

// What is in each file, as probe() finds it.  One that ends its worker, once among others and once
// alone, has a problem that says how.  Kind::internal when no worker can be started,
// Kind::interrupted when stopped.  Any thread.
Result<std::vector<MediaInfo>> probe_files(const std::vector<std::string>& paths,
                                           const ProbeWorkers& how);

// Of every asset.  Where its file is unusable, its other files are tried in order; an asset that
// resolve_assets() has found a problem with keeps it.
Result<MediaMap> probe_all(const std::vector<ResolvedAsset>& assets, const ProbeWorkers& how);

}  // namespace rostrum
