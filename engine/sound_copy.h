// SPDX-License-Identifier: LGPL-2.1-or-later
// The packets of a medium's sound, taken over as they are.
#pragma once

#include "core/chunk_job.h"
#include "lib/gst_ptr.h"

#include <functional>

namespace rostrum {

// Writes the packets of AAC that the only piece of the job's slice plays to job.output, an MP4
// whose edit list skips what stands before the slice's first sample.  One silent packet fills what
// the medium lacks at its end.  `on_progress` is told how much has been read.  Kind::media when the
// packets do not cover the slice, or do not follow each other.
Result<void> copy_sound(const ChunkJob& job,
                        const std::function<void(Nanoseconds done)>& on_progress);

}  // namespace rostrum
