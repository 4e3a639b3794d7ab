// SPDX-License-Identifier: LGPL-2.1-or-later
// What stands still is composed once for each of its pictures, not for each of its frames.
#pragma once

#include "core/slice.h"

#include <gst/gst.h>

#include <cstdint>
#include <vector>

namespace rostrum {

// `composed` has the frames `gathered` of the slice (core/still_frames.h), one after the other from
// its source pad "src": each is moved to its own time.  Those of `wanted`, which holds all of
// `gathered`, that lie between two come as the one before them, by reference.
struct HeldFrames {
  std::vector<std::int64_t> gathered;
  std::vector<std::int64_t> wanted;
  bool keyed = false;  // whoever takes them asks for key frames
};
void hold_frames(GstElement* composed, const Slice& slice, HeldFrames frames);

}  // namespace rostrum
