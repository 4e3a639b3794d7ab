// SPDX-License-Identifier: LGPL-2.1-or-later
// How a file's picture has to be turned to be seen upright.
#pragma once

#include <gst/video/video.h>

#include <optional>
#include <string>

namespace rostrum {

// By the matrices of an MP4 file itself; nothing for other files.  GStreamer 1.22 takes a movie
// that is only scaled by its matrix for one that stands on its head.
std::optional<GstVideoOrientationMethod> orientation_in_file(const std::string& path);

}  // namespace rostrum
