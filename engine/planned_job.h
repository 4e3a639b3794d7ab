// SPDX-License-Identifier: LGPL-2.1-or-later
// A job that is to be played: read, probed and planned as `rostrum render` does it, but without
// listening to its media first.
#pragma once

#include "engine/file.h"
#include "engine/job.h"
#include "engine/probe_workers.h"

#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct PlannedJob {
  Job job;
  Plan plan;
  // By descriptors, which `files` holds: a name may come to mean another file.
  AssetPaths paths;
  std::vector<File> files;
  // Whether all levels that picture and sound depend on were known from earlier runs; what was not
  // counts as silent.
  bool levels_known = false;
};

// What is in files, as long as they are the same.  Any thread.
class KnownMedia {
 public:
  // Asks `prober` for what is not known.
  Prober remembering(Prober prober);

 private:
  std::mutex mutex_;
  std::map<std::string, MediaInfo> found_;  // by path, place on disk, length and time of change
};

struct PlanningOptions {
  JobOptions job;
  std::string program;  // the rostrum executable, for confined workers; "": media are looked into
                        // in this process
  std::stop_token stop = {};
};

// Kind::internal when the process may not open that many files, Kind::interrupted when stopped;
// else the errors of read_job(), resolve(), probe(), make_plan().
Result<PlannedJob> plan_job(const PlanningOptions& options, KnownMedia& known);

// Where the tool of this build is installed to.
extern const char* const kInstalledProgram;
// The rostrum executable that can work for this process: itself, or the one that was installed
// with this build; "" = none.
std::string find_program();

}  // namespace rostrum
