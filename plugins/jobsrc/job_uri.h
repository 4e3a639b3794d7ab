// SPDX-License-Identifier: LGPL-2.1-or-later
// URIs of jobs: rostrum:///folder/job.json, rostrum:job.json, either with ?at=12:34.
#pragma once

#include "core/result.h"
#include "core/timeline.h"

#include <string>

namespace rostrum {

inline constexpr char kJobScheme[] = "rostrum";

struct JobUri {
  std::string path;   // a relative one is of the current folder
  Nanoseconds at{0};  // where playing begins
};

// Kind::usage for anything else: another host, an unknown key, a time that is none.
Result<JobUri> parse_job_uri(const std::string& uri);
std::string job_uri(const JobUri& job);

}  // namespace rostrum
