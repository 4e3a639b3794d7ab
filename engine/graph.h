// SPDX-License-Identifier: LGPL-2.1-or-later
// Plan -> GStreamer graph.  Rendering and previewing use the same composition.
#pragma once

#include "core/chunk_job.h"
#include "lib/gst_ptr.h"

namespace rostrum {

struct GraphOptions {
  Nanoseconds stall_timeout{10'000'000'000};  // of one medium, wall time
};

// What a graph plays, and how.
struct GraphInput {
  const Slice& slice;
  const AssetPaths& paths;
  OnDamage on_damage = OnDamage::substitute;
  GraphOptions options;
};

// A bin whose source pad "src" gives exactly slice.frames.count() composed frames: raw I420,
// BT.709, canvas size.
Result<GstPtr<GstElement>> make_video_bin(const GraphInput& input);

// A bin whose source pad "src" gives exactly the slice's sound: F32LE, 48000 Hz, all voices summed
// at unity, of one channel the mean of both, and held under the slice's ceiling if it has one.
Result<GstPtr<GstElement>> make_audio_bin(const GraphInput& input);

}  // namespace rostrum
