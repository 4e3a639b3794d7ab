// SPDX-License-Identifier: LGPL-2.1-or-later
// Renders chunk jobs by worker processes, several at once, in spite of crashes, stalls and kills.
#pragma once

#include "core/chunk_job.h"
#include "core/memory_limits.h"
#include "core/retry.h"
#include "core/timeline.h"
#include "engine/media_files.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rostrum {

struct PoolTask {
  std::string key;     // names the task
  ChunkJob job;        // job.output is where the worker writes
  Nanoseconds length;  // of the output, for progress
  // Adds to the job what it plays, once, before its first worker starts: of the hundreds of tasks
  // that wait, none holds that.  Empty = the job is whole.
  std::function<void(ChunkJob& job)> complete = {};
};

struct PoolOptions {
  std::string program;   // the rostrum executable
  std::string spec_dir;  // where the jobs' texts are put for the workers
  int workers = 1;
  Nanoseconds stall_timeout{60'000'000'000};
  MemoryLimits memory{1536LL << 20, 16LL << 30};  // of its workers; see memory_limits()
  MediaFiles files = {};                          // opens the jobs' media for the workers
  int sessions = 0;  // of one encoder with a device; 0 = as many as begin
};

struct PoolEvents {
  // A task's file is whole.  An error ends the run.
  std::function<Result<void>(const PoolTask&, std::vector<Substitution>)> on_finished;
  // The sum of what is rendered of all tasks of this run.
  std::function<void(Nanoseconds done)> on_progress;
  // The encoder of a task failed: gives the task the next encoder.  False: there is none.
  std::function<bool(PoolTask& task, const Error& error)> on_encoder_failed = {};
  // A task is about to begin; may give it another encoder.  False: it is finished already.
  std::function<bool(PoolTask& task)> on_start = {};
  // An encoder turned out to serve only so many at once.
  std::function<void(const std::string& encoder, int sessions)> on_session_limit = {};
  // Twice a second; an error ends the run.
  std::function<Result<void>()> on_look;
};

// Runs the tasks in the given order; returns when all are finished or one cannot be.  A source that
// kills its worker twice is left out and reported as substituted.  On failure and on SIGINT
// (Kind::interrupted) all workers are killed first.
Result<void> run_pool(const PoolOptions& options, std::vector<PoolTask> tasks,
                      const PoolEvents& events);

}  // namespace rostrum
