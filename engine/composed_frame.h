// SPDX-License-Identifier: LGPL-2.1-or-later
// One frame of the film, composed as the render does it.
#pragma once

#include "engine/graph.h"

#include <stop_token>

namespace rostrum {

// The first frame of input.slice: I420, BT.709, of the canvas's size. Blocks; any thread. Fails
// with Kind::missing_component, Kind::media (nothing came, or damage with OnDamage::fail) or
// Kind::interrupted when stopped.
Result<GstPtr<GstBuffer>> compose_frame(const GraphInput& input, const std::stop_token& stop = {});

}  // namespace rostrum
