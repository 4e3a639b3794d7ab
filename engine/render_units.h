// SPDX-License-Identifier: LGPL-2.1-or-later
// What a render is shared out into: chunks of picture, units of sound.
#pragma once

#include "core/chunks.h"
#include "core/media.h"
#include "core/render_order.h"
#include "core/stems.h"
#include "engine/media_files.h"
#include "engine/work_dir.h"
#include "engine/worker_pool.h"

#include <vector>

namespace rostrum {

inline constexpr int kMix = -1;

struct RenderUnit {
  PoolTask task;                          // to be completed
  std::vector<std::int64_t> held_frames;  // of a still, as held_frames() has them
  Interval when = {};                     // of the film
  double cost = 0;
  bool is_sound = false;
  int stem = kMix;  // of a unit of sound: whose
  SoundUnit sound;
};

struct UnitsWanted {
  bool pictures = true;
  bool copied_sound = false;  // one unit, whose packets are a medium's
  std::vector<Stem> stems;
  MediaFiles files;    // opens what the units' keys depend on
  std::string builds;  // of what renders the units; see renderer_builds()
};

// In the order of the film; `base` has everything of a chunk job but slice and output.  The units
// refer to plan, base and stems.
std::vector<RenderUnit> make_units(const Plan& plan, const MediaMap& media, const ChunkJob& base,
                                   const UnitsWanted& wanted, const WorkDir& dir);

// The unit of copied sound alone.
RenderUnit make_copied_unit(const Plan& plan, const ChunkJob& base, const UnitsWanted& wanted,
                            const WorkDir& dir);

// Gives the picture of all units with the task's key another encoder, and the task with them.
void recode(std::vector<RenderUnit>& units, PoolTask& task, const PictureCoding& coding,
            const UnitsWanted& wanted, const WorkDir& dir);

// Whether its file, and that of each of its renditions, is there.
bool is_finished(const PoolTask& task, const WorkDir& dir);

// What is not in `dir` yet.
std::vector<PoolTask> tasks_left(const std::vector<RenderUnit>& units, const WorkDir& dir,
                                 RenderOrder order);

}  // namespace rostrum
