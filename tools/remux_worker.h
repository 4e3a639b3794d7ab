// SPDX-License-Identifier: LGPL-2.1-or-later
// Segments become one file in a worker, which is confined and has no network.
#pragma once

#include "core/fetch/hls_plan.h"
#include "core/result.h"

#include <string>

namespace rostrum {

// The whole file, in the folder of the segments, which nobody else uses and where there is none
// yet.  Kind::media: they cannot be put together, a clause; Kind::interrupted after Ctrl-C.
Result<std::string> remux_by_worker(const hls::RemuxJob& job, const std::string& folder);

}  // namespace rostrum
