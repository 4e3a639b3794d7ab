// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/chunk_job.h"

namespace rostrum {

// Whether the file that a chunk job has written holds as many pictures and as much sound as it
// must: a pipeline that ends without an error proves nothing.  Kind::internal if not; jobs without
// output are fine.
Result<void> check_chunk(const ChunkJob& job);

}  // namespace rostrum
