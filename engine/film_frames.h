// SPDX-License-Identifier: LGPL-2.1-or-later
// Some frames of a finished film, decoded.
#pragma once

#include "core/result.h"
#include "core/timeline.h"
#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// Calls `see` for each of these frames (numbers on the film's grid, in order, possibly repeated)
// with the picture that is shown then: itself, or the one before it that is held.  `film` is an MP4
// with an index; what lies between two of them is passed over where a picture that decoding can
// begin with allows it.  Kind::media when it cannot be decoded, Kind::interrupted: `stop`, or what
// `see` returns.
using SeeFrame =
    std::function<Result<void>(std::size_t index, GstBuffer* frame, const GstVideoInfo& info)>;
Result<void> see_frames(const std::string& film, const FrameGrid& grid,
                        const std::vector<std::int64_t>& frames, const SeeFrame& see,
                        const std::stop_token& stop);

}  // namespace rostrum
