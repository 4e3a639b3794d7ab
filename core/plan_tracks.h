// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan's tracks out of the manifest's: each clip with every default resolved, and what stands
// in for what cannot be played.
#pragma once

#include "core/plan.h"

#include <string>
#include <vector>

namespace rostrum {

// What is known of an asset; of one that was not probed, that it is missing.
const MediaInfo& media_of(const MediaMap& media, const std::string& asset);

// How long the job is: as it says, else to the end of the last clip that has one.
Nanoseconds programme_of(const Manifest& manifest, const MediaMap& media);

// When each clip of each track plays, every default resolved; empty: nothing of it is left.
std::vector<std::vector<Interval>> clip_times(const Manifest& manifest, const MediaMap& media,
                                              Nanoseconds programme);

struct ResolvedTracks {
  std::vector<PlannedTrack> tracks;
  std::vector<Substitution> substitutions;
};

// Where a clip's medium has nothing, its fallbacks play one after the other, those of the clip
// before those of its track.
ResolvedTracks resolve_tracks(const Manifest& manifest, const MediaMap& media,
                              Nanoseconds programme);

}  // namespace rostrum
