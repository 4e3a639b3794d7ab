// SPDX-License-Identifier: LGPL-2.1-or-later
// What is really in a medium: opened, one frame of each stream decoded, and its end looked for.
#pragma once

#include "core/media.h"
#include "engine/assets.h"

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct ProbeLimits {
  Nanoseconds time = 10s;  // wall clock, per file; a file that takes longer is a problem
};

// Reads one local file, opened by `files`; never fails and never hangs: what is wrong stands in
// MediaInfo::problem, as a clause without the path ("it is empty").  `duration` is where the last
// packet of the first video or audio stream ends (the later of the two), from the first packet of
// either, whatever the header claims.  A picture or PDF has pages and the size of its first page.
// gst_init() must have run.  Once a stop is requested it returns at once, and what it returns means
// nothing.
MediaInfo probe(const std::string& path, const ProbeLimits& limits = {},
                const std::stop_token& stop = {}, const MediaFiles& files = {});

// After each file, from the thread that called probe_all().
using ProbeProgress = std::function<void(std::size_t done, std::size_t total)>;

// Probes every asset, several at a time (threads = 0: as many as there are cores).  Where an
// asset's file is unusable, its other files are tried in order; an asset that resolve_assets() has
// found a problem with keeps it.  A stop is as for probe().
MediaMap probe_all(const std::vector<ResolvedAsset>& assets, const ProbeLimits& limits = {},
                   unsigned threads = 0, const ProbeProgress& progress = {},
                   const std::stop_token& stop = {}, const MediaFiles& files = {});

}  // namespace rostrum
