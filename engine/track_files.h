// SPDX-License-Identifier: LGPL-2.1-or-later
// One track of a job manifest with the files of its assets, for elements that play a track.
#pragma once

#include "core/manifest.h"
#include "engine/assets.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct TrackFiles {
  Track track;
  std::optional<Nanoseconds> duration;                       // of the job, if declared
  std::map<std::string, ResolvedAsset> assets;               // those of the track, by id
  std::map<std::string, std::optional<double>> clocks = {};  // Asset::clock of the same
  std::map<std::string, Colors> colors = {};                 // Asset::colors of the same
};

// Assets must lie below the manifest's folder.  Fails with a sentence that names the manifest and
// what is wrong with it, or that it has no such track.
Result<TrackFiles> read_track(const std::string& manifest, const std::string& track);

// What is left of an interval where some parts of it are switched off.
std::vector<Interval> without(Interval when, const std::vector<Interval>& off);

}  // namespace rostrum
