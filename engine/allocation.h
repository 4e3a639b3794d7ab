// SPDX-License-Identifier: LGPL-2.1-or-later
// What is answered to elements that ask how they are to allocate their buffers.
#pragma once

#include <gst/gst.h>

namespace rostrum {

// Whoever pushes frames of plain memory through this source pad has one pool as long as their caps
// are the same, if what follows answers allocation queries, and makes each buffer when it needs it.
// Else a compositor begins a new pool with every change of its
// inputs, and the buffers of the one before are only freed when the encoder holds none of them any
// more (gst_buffer_pool_set_active): with x264's look-ahead 21 frames where 12 are enough.
void keep_pool(GstPad* pad);

}  // namespace rostrum
