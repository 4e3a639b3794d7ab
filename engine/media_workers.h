// SPDX-License-Identifier: LGPL-2.1-or-later
// Confined worker processes that decode media before anything is rendered, in spite of decoders
// that crash, bloat or hang.
#pragma once

#include "core/media.h"
#include "core/result.h"
#include "engine/media_files.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct MediaWorkers {
  std::string program;                      // the rostrum executable
  std::string spec_dir;                     // where each is told what to do, in a folder of its own
  MediaFiles files = {};                    // opens the media for them
  std::stop_token stop = {};                // ends them at once
  Nanoseconds time = 10s;                   // wall clock, per file probed; more is a problem of it
  Nanoseconds stall_timeout = 60s;          // without a word: its decoder holds up all of a worker
  std::int64_t most_memory = 1536LL << 20;  // resident, of one worker
};

// What a worker does with the media that it is given, by their numbers.
struct MediaTask {
  std::string ending;                 // of the file that holds its job
  std::vector<std::string> readable;  // files and folders that it may read besides
  std::function<std::string(const std::vector<std::size_t>& media)> job;  // what stands there
  // Takes what the worker has left in its folder of findings.
  std::function<void(const std::vector<std::size_t>& media, const std::string& findings)> collect;
};

// Where in the folder of its job a worker leaves files with what it has found.
std::string findings_folder(const std::string& folder);

// Gives the files to one worker after another, until each of them has said of its own what it found
// (ProbeReport).  One that ends its worker, once among others and once alone, has a problem that
// says how.  Kind::internal when no worker can be started, Kind::interrupted when stopped.  Any
// thread.
Result<std::vector<MediaInfo>> run_media_workers(const std::vector<std::string>& paths,
                                                 const MediaTask& task, const MediaWorkers& how);

}  // namespace rostrum
