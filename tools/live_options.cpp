// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/live_options.h"

#include "core/findings.h"
#include "core/live_rules.h"
#include "engine/live_hosts.h"
#include "tools/media_folder.h"
#include "tools/network_options.h"

#include <algorithm>

namespace rostrum {

void add_live(CLI::App* app, LiveOptions& options) {
  add_hosts(app, options.hosts,
            "Open live sources of this host; an address may then be a private one");
}

bool needs_network(const LivePlan& plan) {
  return std::any_of(plan.tracks.begin(), plan.tracks.end(),
                     [](const LiveTrack& track) { return track.source.uses_network(); });
}

Result<std::shared_ptr<LiveJob>> open_live(const JobOptions& options, const LiveOptions& live) {
  if (is_media_folder(options.path)) return nullptr;
  auto job = read_job(options.path);
  if (!job) return tl::unexpected(job.error());
  if (!is_live(job->manifest)) return nullptr;
  auto plan = plan_live(job->manifest);
  auto hosts = host_rules(live.hosts, "");
  if (const auto refused = refused_hosts(plan, hosts); !refused.empty())
    return tl::unexpected(manifest_error(job->path, refused));
  return std::make_shared<LiveJob>(LiveJob{std::move(*job), std::move(plan), std::move(hosts)});
}

}  // namespace rostrum
