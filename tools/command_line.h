// SPDX-License-Identifier: LGPL-2.1-or-later
// What the commands' options have in common.
#pragma once

#include "core/result.h"
#include "tools/job.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rostrum {

// What the command line asks for.
struct Action {
  std::function<Result<void>()> online;   // with the network; it opens no medium
  std::function<Result<void>()> offline;  // without it
  bool confined = false;                  // a worker, which has given up more already
};

// One folder each time it is given, so that it does not take the words that follow.
void add_folders(CLI::App* app, const std::string& name, std::vector<std::string>& target,
                 const std::string& help);
// The job, and where its media may lie.
void add_job(CLI::App* app, JobOptions& job,
             const std::string& what = "Manifest, record, or a folder that holds one");

// A time of the job, in seconds or h:mm:ss.mmm.
CLI::Option* add_time(CLI::App* app, const std::string& name, std::optional<Nanoseconds>& target,
                      const std::string& help);

// The commands that turn recordings into jobs, and jobs into projects of editors.
void add_import(CLI::App& root, Action& action);
void add_export(CLI::App& root, Action& action);
// Shows a job before it is rendered.
void add_preview(CLI::App& root, Action& action);
// Records a live one.
void add_record(CLI::App& root, Action& action);

}  // namespace rostrum
