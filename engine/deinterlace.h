// SPDX-License-Identifier: LGPL-2.1-or-later
// Interlaced pictures are made whole before they are looked at.
#pragma once

#include "lib/gst_ptr.h"

namespace rostrum {

// Whether pictures of these caps are, or may be, two fields each.
bool is_interlaced(const GstCaps* caps);

// Puts a deinterlacer before the sink of a pipeline, and returns the pad that takes interlaced
// pictures; null where GStreamer has none.  One whole picture comes out for each that goes in, at
// its time, made of the upper field alone: so it is the same wherever decoding began.
GstPtr<GstPad> deinterlaced(GstElement* pipeline, GstElement* sink);

}  // namespace rostrum
