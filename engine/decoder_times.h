// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts right the times that a decoder of sound gives its first frames.
#pragma once

#include <gst/gst.h>

namespace rostrum {

// libav drops the first frame of AAC that says it was made by libfaac, and GStreamer then gives
// each frame the time of the packet before its own, until the next seek.
void correct_times(GstElement* decoder);

}  // namespace rostrum
