// SPDX-License-Identifier: LGPL-2.1-or-later
// Media that should sound and are silent: found by a cheap look, and replaced by an alternative.
#pragma once

#include "core/media.h"
#include "core/result.h"
#include "core/silent_clips.h"
#include "engine/assets.h"
#include "engine/level_cache.h"
#include "engine/probe_workers.h"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// Whether anything of a file is more than digital silence.  `likely`: medium's times at which it
// should sound; eight short pieces of these are decoded, and all of it only when they are silent.
// Kind::interrupted when stopped.
Result<bool> sounds(const MediaInfo& info, const std::vector<Interval>& likely,
                    const LevelCache& cache, const std::stop_token& stop = {},
                    const MediaFiles& files = {});

// Of each asset that is expected to sound and does not, the first of its further files that is
// usable, has the picture that the first one has, and sounds, takes its place in `media`; where
// there is none, MediaInfo::silent is set.  Several at a time.  The workers look into further
// files.
Result<void> prefer_sounding(const std::map<std::string, ExpectedSound>& expected,
                             const std::vector<ResolvedAsset>& assets, const LevelCache& cache,
                             MediaMap& media, const ProbeWorkers& workers);

}  // namespace rostrum
