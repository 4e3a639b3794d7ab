// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that a worker draws, to be looked at and thrown away.
#pragma once

#include "engine/worker_pool.h"

#include <string>

namespace rostrum {

// Draws the slice's frames, I420 one after the other, into FOLDER/KEY.i420; with what of `base` it
// needs, and a substitute for what is damaged.
PoolTask picture_task(const std::string& key, Slice slice, const ChunkJob& base,
                      const std::string& folder);

}  // namespace rostrum
