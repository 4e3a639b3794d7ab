// SPDX-License-Identifier: LGPL-2.1-or-later
// Renditions: the film once more in smaller pictures, among which a player chooses.  It changes
// from one to another where a segment begins, so all of them have a key frame there.
#pragma once

#include "core/plan.h"
#include "core/result.h"

#include <cstdint>
#include <vector>

namespace rostrum {

inline constexpr int kLeastRenditionHeight = 64;
inline constexpr std::size_t kMostRenditions = 8;  // of one stream

// Apple's authoring rules for HLS ask for segments of about six seconds.
inline constexpr Nanoseconds kSegment{6'000'000'000};

// Of the canvas's aspect, even.
Size rendition_size(Size canvas, int height);

// Each height once that streams of the manifest ask for, the largest first.  Kind::manifest, with
// pointers: a height that is not less than the canvas's, or that makes too narrow a picture.
Result<std::vector<PlannedRendition>> plan_renditions(const Manifest& manifest, Size canvas);

// The frames at multiples of kSegment of job time, wherever the chunks and the film begin.
std::vector<std::int64_t> key_frames(const FrameGrid& grid, FrameRange frames);

// Where the segments of the film begin, in time of the film: at its beginning and at those of these
// frames that leave no shorter piece than kLeastSegment at either end; in a film of days at each
// second or further of them, for an index holds 65535.  Half a frame before, for frames of some
// rates stand a little beside the grid in their file.
inline constexpr Nanoseconds kLeastSegment{2'000'000'000};
std::vector<Nanoseconds> segment_times(const FrameGrid& grid, FrameRange film);

}  // namespace rostrum
