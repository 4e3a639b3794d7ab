// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/slice.h"

#include <gst/gst.h>

namespace rostrum {

// Lets only the slice's sound out of an element whose source pad gives all that is mixed for it;
// its first sample stands at 0.
void cut_sound(GstElement* element, const Slice& slice);

}  // namespace rostrum
