// SPDX-License-Identifier: LGPL-2.1-or-later
// Media that are digital silence where somebody is to be heard, and the other files that sound.
#pragma once

#include "core/media.h"
#include "core/result.h"
#include "core/silent_clips.h"
#include "engine/assets.h"
#include "engine/level_cache.h"
#include "engine/probe_workers.h"

#include <map>
#include <string>
#include <vector>

namespace rostrum {

// Of each asset that is expected to sound and does not, the first of its further files that is
// usable, has the picture that the first one has, and sounds, takes its place in `media`; where
// there is none, MediaInfo::silent is set.  True when any has.  To tell, some short pieces of a
// medium are listened to where it is expected to sound, and all of it only when these are silent.
Result<bool> prefer_sounding(const std::map<std::string, ExpectedSound>& expected,
                             const std::vector<ResolvedAsset>& assets, const LevelCache& cache,
                             MediaMap& media, const MediaWorkers& workers);

}  // namespace rostrum
