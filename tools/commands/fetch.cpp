// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/interrupt.h"
#include "tools/commands/commands.h"
#include "tools/fetched_job.h"
#include "tools/progress.h"
#include "tools/terminal.h"

#include <cstdio>

namespace rostrum {

Result<void> run_fetch(const FetchOptions& options) {
  Interrupt::install();
  const auto job = fetch_job(options);
  const bool json = options.progress == ProgressMode::json;
  if (!job) {
    if (json) print_error_event(job.error());
    return tl::unexpected(job.error());
  }
  if (json)
    print_fetched_event(job->path, job->files);
  else
    std::puts(printable(job->path).c_str());
  return {};
}

Result<void> fetch_for_render(RenderOptions& options) {
  Interrupt::install();
  FetchOptions fetch;
  fetch.source = options.job.path;
  fetch.network = options.network;
  fetch.stall_timeout = options.stall_timeout;
  fetch.progress = options.progress;
  const auto job = fetch_job(fetch);
  if (!job) {
    if (options.progress == ProgressMode::json) print_error_event(job.error());
    return tl::unexpected(job.error());
  }
  options.job.path = job->path;
  return {};
}

}  // namespace rostrum
