// SPDX-License-Identifier: LGPL-2.1-or-later
// What is really in a medium: opened, one frame of each stream decoded, and its end looked for.
#pragma once

#include "core/media.h"
#include "engine/media_files.h"
#include "engine/pace_cache.h"

#include <stop_token>
#include <string>

namespace rostrum {

struct ProbeOptions {
  Nanoseconds time = 10s;  // wall clock, per file; a file that takes longer is a problem
  PaceCache paces = PaceCache::of_user();
};

// Why the file is not worth opening, a clause; "" = it is.  Opening a pipe would wait for its
// writer for ever.
std::string problem_of_file(const std::string& path);

// Reads one local file, opened by `files`; never fails and never hangs: what is wrong stands in
// MediaInfo::problem, as a clause without the path ("it is empty").  `duration` is where the last
// packet of the first video or audio stream ends (the later of the two), from the first packet of
// either, whatever the header claims.  A picture or PDF has pages and the size of its first page.
// gst_init() must have run.  Once a stop is requested it returns at once, and what it returns means
// nothing.
MediaInfo probe(const std::string& path, const ProbeOptions& options = {},
                const std::stop_token& stop = {}, const MediaFiles& files = {});

}  // namespace rostrum
