// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound without a picture whose clock runs off against the log: its silences are compared with the
// times at which the log mutes it.
#pragma once

#include "core/manifest.h"
#include "core/media.h"

#include <string>
#include <vector>

namespace rostrum {

// Assets whose length makes one think so, and whose clip is muted often enough to tell.
std::vector<std::string> assets_to_time(const Manifest& manifest, const MediaMap& media);

// Takes another clock for those of them of which the measured levels say so; their levels, which
// are by the old one, are dropped.  Length alone is no evidence.
void settle_clocks_by_log(const Manifest& manifest, MediaMap& media);

}  // namespace rostrum
