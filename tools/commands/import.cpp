// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/commands/commands.h"
#include "tools/job.h"
#include "tools/output_file.h"
#include "tools/terminal.h"

#include <cstdio>

namespace rostrum {

Result<void> run_import(const ImportOptions& options) {
  const auto job = read_job(options.source);
  if (!job) return tl::unexpected(job.error());
  for (const auto& warning : job->warnings) say_warning(job->path + ": " + warning);
  for (const auto& root : roots_needed(*job))
    say("rostrum: to render this job add --allow-root " + root);
  const auto text = write_manifest(job->manifest);
  if (!options.output.empty()) return write_whole_file(options.output, text);
  std::fputs(text.c_str(), stdout);
  return {};
}

}  // namespace rostrum
