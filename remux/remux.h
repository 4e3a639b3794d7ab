// SPDX-License-Identifier: LGPL-2.1-or-later
// The segments of an HLS medium as one file, nothing encoded anew.
#pragma once

#include "core/fetch/hls_plan.h"
#include "core/result.h"

#include <functional>
#include <string>

namespace rostrum {

// The names that the file gets in the folder of its segments: that of an MP4, and that of a
// Matroska file where an MP4 cannot hold the streams.
inline constexpr char kWholeMp4[] = "whole.mp4";
inline constexpr char kWholeMatroska[] = "whole.mkv";

// Reads the segments from `folder` and writes the file there.  `on_progress`: how much of its time
// is written, several times a second, also when that does not change.  Kind::media when the
// segments cannot be read or held.
Result<void> remux(const hls::RemuxJob& job, const std::string& folder,
                   const std::function<void(Nanoseconds)>& on_progress);

}  // namespace rostrum
