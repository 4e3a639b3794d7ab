// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks into media by confined worker processes.
#pragma once

#include "core/media.h"
#include "core/result.h"
#include "engine/assets.h"
#include "engine/media_workers.h"

#include <functional>
#include <string>
#include <vector>

namespace rostrum {

// What is in each file, as probe() finds it, or what has become of its worker: see
// run_media_workers(), also for the errors.
Result<std::vector<MediaInfo>> probe_files(const std::vector<std::string>& paths,
                                           const MediaWorkers& how);

// The same in this process, where there is no program for workers: a decoder that crashes takes the
// process with it.
Result<std::vector<MediaInfo>> probe_files_here(const std::vector<std::string>& paths,
                                                const MediaFiles& files,
                                                const std::stop_token& stop);

// One of the two, or what knows the files already.
using Prober = std::function<Result<std::vector<MediaInfo>>(const std::vector<std::string>& paths)>;

// Of every asset.  Where its file is unusable, its other files are tried in order; an asset that
// resolve_assets() has found a problem with keeps it.
Result<MediaMap> probe_all(const std::vector<ResolvedAsset>& assets, const Prober& prober);
Result<MediaMap> probe_all(const std::vector<ResolvedAsset>& assets, const MediaWorkers& how);

}  // namespace rostrum
