// SPDX-License-Identifier: LGPL-2.1-or-later
// What the commands that open live sources have in common.
#pragma once

#include "core/fetch/host_rules.h"
#include "core/live_plan.h"
#include "core/result.h"
#include "engine/job.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace rostrum {

struct LiveOptions {
  // --allow-host: the hosts that are called, and the addresses at which others can call.
  std::vector<std::string> hosts;
};

void add_live(CLI::App* app, LiveOptions& options);

// A live job, opened.
struct LiveJob {
  Job job;
  LivePlan plan;
  HostRules hosts;
};

// Nothing for a job that is not live.  Kind::manifest where a host is not allowed.
Result<std::shared_ptr<LiveJob>> open_live(const JobOptions& job, const LiveOptions& options);

// Whether any source is on the network, so that it cannot be given up.
bool needs_network(const LivePlan& plan);

}  // namespace rostrum
