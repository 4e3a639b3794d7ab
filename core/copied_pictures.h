// SPDX-License-Identifier: LGPL-2.1-or-later
// Which frames of a film are a medium's own coded pictures, so that its packets can be taken as
// they are, and why the others must be composed and encoded.
#pragma once

#include "core/plan.h"

namespace rostrum {

// Shorter runs are composed: a worker of their own would take as long.
inline constexpr Nanoseconds kShortestRun{2'000'000'000};

// What is copied and composed where a medium of which `video` is known is shown alone and unchanged
// in `frames`, at job time t its own time t + `offset`.  Copied are runs in which exactly one of
// its pictures falls on each frame of the grid, from an IDR picture on, up to where no picture that
// is left out comes, in the order of decoding, before one that is taken.  `asset` names it.
PicturePlan copy_stretch(const CodedVideo& video, const FrameGrid& grid, FrameRange frames,
                         Nanoseconds offset, const std::string& asset);

// For all frames of a plan whose scenes and overlays are made.
PicturePlan plan_pictures(const Plan& plan, const MediaMap& media);

// The run that holds the frame; null: it is composed.
const CopiedRun* run_at(const PicturePlan& pictures, std::int64_t frame);

// Why most of the frames are composed; "" where all are copied.
std::string composed_because(const PicturePlan& pictures, FrameRange frames);

}  // namespace rostrum
