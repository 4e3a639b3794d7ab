// SPDX-License-Identifier: LGPL-2.1-or-later
// The source elements of a graph, set up from a slice.
#pragma once

#include "engine/graph.h"

namespace rostrum {

Result<GstElement*> add_camera(GstElement* bin, const GraphInput& input, const Slot& slot);
Result<GstElement*> add_slides(GstElement* bin, const GraphInput& input, const Slot& slot);
Result<GstElement*> add_voice(GstElement* bin, const GraphInput& input, const Voice& voice);

}  // namespace rostrum
