// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture_task.h"

#include "core/source_trials.h"

#include <utility>

namespace rostrum {

PoolTask picture_task(const std::string& key, Slice slice, const ChunkJob& base,
                      const std::string& folder) {
  PoolTask task;
  task.key = key;
  task.length = slice.grid.start(slice.frames.count());
  task.job = base;
  task.job.slice = std::move(slice);
  const auto needed = sources_of(task.job.slice);
  std::erase_if(task.job.paths, [&](const auto& path) { return !needed.contains(path.first); });
  task.job.on_damage = OnDamage::substitute;
  task.job.raw = true;
  task.job.output = folder + "/" + key + ".i420";
  return task;
}

}  // namespace rostrum
