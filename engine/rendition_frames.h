// SPDX-License-Identifier: LGPL-2.1-or-later
// The composed frames of a chunk for several encoders: as they are, and smaller.
#pragma once

#include "core/result.h"
#include "core/slice.h"

#include <gst/gst.h>

namespace rostrum {

inline constexpr char kTeePad[] = "src_%u";

// Behind `composed`, which has the frames of the slice one after the other from its source pad
// "src".  Every encoder behind the tee is asked for a key frame at each of key_frames().
Result<GstElement*> add_tee(GstElement* pipeline, GstElement* composed, const Slice& slice);

// The frames of the tee in that size, from a source pad "src".
Result<GstElement*> add_scaled(GstElement* pipeline, GstElement* tee, Size size);

}  // namespace rostrum
