// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/promise_check.h"

#include "core/fetch/promises.h"
#include "engine/interrupt.h"
#include "tools/job.h"

namespace rostrum {

Result<std::map<std::string, std::string>> check_promises(
    const Manifest& job, const std::map<std::string, std::string>& files, const std::string& dir) {
  Job part;
  part.path = dir + "/job.json";
  part.base_dir = dir;
  part.manifest = job_to_look_at(job, files);
  if (part.manifest.assets.empty()) return {};
  const StopOnInterrupt stop;
  if (auto done = resolve(part, {}, stop.token()); !done) return tl::unexpected(done.error());
  if (auto done = probe(part, stop.token()); !done) return tl::unexpected(done.error());
  if (auto done = hear(part); !done) return tl::unexpected(done.error());
  return broken_promises(part.manifest, part.media);
}

}  // namespace rostrum
