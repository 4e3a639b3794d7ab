// SPDX-License-Identifier: LGPL-2.1-or-later
// The packets of a medium's pictures, taken over as they are.
#pragma once

#include "core/chunk_job.h"

#include <functional>

namespace rostrum {

// Writes the coded pictures that the job's slice shows to job.output, and nothing instead.  Each is
// looked at before (avc::damage); where one is broken nothing is written, and the result says which
// time of the job that concerns.  Fails like assemble_mp4().
Result<std::optional<Substitution>> copy_pictures(
    const ChunkJob& job, const std::function<void(Nanoseconds done)>& on_progress);

}  // namespace rostrum
