// SPDX-License-Identifier: LGPL-2.1-or-later
// What is answered to elements that ask how they are to allocate their buffers.
#pragma once

#include <gst/gst.h>

namespace rostrum {

// Whoever pushes buffers through this source pad makes each when it needs it, and not in advance as
// many as what follows may hold: a compositor begins a new pool with every change of its inputs,
// while the encoder still holds buffers of the pools before.
void allocate_on_demand(GstPad* pad);

}  // namespace rostrum
