// SPDX-License-Identifier: LGPL-2.1-or-later
// The graph of the render with something behind it that can be looked at at once.
#pragma once

#include "core/chunk_job.h"
#include "lib/gst_ptr.h"

namespace rostrum {

// Loads the plugins that most previews need and begins their classes, which is most of what the
// first preview of a process would wait for.
void make_preview_ready();

// Picture and sound of the job's slice as fragmented MP4 (H.264, constrained baseline,
// and AAC), 0.4 s a fragment, written to the descriptor as they are made; whoever reads slowly slows it.
Result<GstPtr<GstElement>> make_preview_stream(const ChunkJob& job, int descriptor);

// The slice's only frame as JPEG.
Result<GstPtr<GstElement>> make_preview_picture(const ChunkJob& job, int descriptor);

}  // namespace rostrum
