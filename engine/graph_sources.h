// SPDX-License-Identifier: LGPL-2.1-or-later
// The source elements of a graph, set up from a slice.
#pragma once

#include "engine/graph.h"

namespace rostrum {

// In place of the path of an asset that has none: no file can have this name, so that an element
// takes it for one that is missing.
std::string name_without_file(const std::string& asset);

Result<GstElement*> add_camera(GstElement* bin, const GraphInput& input, const Slot& slot);
Result<GstElement*> add_slides(GstElement* bin, const GraphInput& input, const Slot& slot);
Result<GstElement*> add_voice(GstElement* bin, const GraphInput& input, const Voice& voice);

}  // namespace rostrum
