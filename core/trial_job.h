// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/chunk_job.h"

namespace rostrum {

inline constexpr int kTrialFrames = 10;

// So many frames of plain colours, each unlike those beside it, encoded so at the size and rate of
// a job, and in its renditions at the same time; what comes out is decoded again.
ChunkJob trial_job(const PictureCoding& coding, Size canvas, FrameGrid grid,
                   int frames = kTrialFrames);

}  // namespace rostrum
