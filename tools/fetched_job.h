// SPDX-License-Identifier: LGPL-2.1-or-later
// A job with its remote media brought here.
#pragma once

#include "core/result.h"
#include "tools/network_options.h"
#include "tools/progress.h"

#include <cstddef>
#include <string>

namespace rostrum {

struct FetchOptions {
  std::string source;  // a manifest, a record, a folder that holds one, or a link
  std::string dir;     // "" = the source's name: of a job beside it, of a link in this folder
  bool overwrite = false;
  NetworkOptions network;
  Nanoseconds stall_timeout{60s};
  ProgressMode progress = ProgressMode::automatic;
};

struct FetchedJob {
  std::string path;  // DIR/job.json
  std::size_t files = 0;
};

// Everything is there and the job is written.  Kind::usage, Kind::manifest: nothing was fetched;
// Kind::media: some of the media cannot be had, the job is written all the same;
// Kind::interrupted: the same call goes on.
Result<FetchedJob> fetch_job(const FetchOptions& options);

}  // namespace rostrum
