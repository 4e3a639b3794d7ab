// SPDX-License-Identifier: LGPL-2.1-or-later
// What a film's sources look like at the times at which the film is looked at.
#pragma once

#include "core/signature.h"
#include "engine/worker_pool.h"

#include <string>
#include <vector>

namespace rostrum {

// Some frames in a row of one source, on the grid of the film, fitted as a tile has them.
struct PictureWish {
  std::string asset;
  int page = 1;
  Fit fit = Fit::contain;
  Colors colors = Colors::own;
  bool slide = false;   // a picture, which has no time
  bool screen = false;  // a frame is held until the next, however long
  Nanoseconds in{0};    // the medium's time at the first frame; may be before its beginning
  std::int64_t frames = 1;
  CellGrid grid;
};

// For each wish its frames; none where they could not be had.  The sources are decoded by workers
// of this pool, as for a render: no tile, scene or chunk of the film's plan has a part in it.
// Blocks.  Fails as run_pool() does.
Result<std::vector<std::vector<Signature>>> reference_pictures(
    const std::vector<PictureWish>& wishes, const FrameGrid& grid, const ChunkJob& base,
    const PoolOptions& pool);

}  // namespace rostrum
