// SPDX-License-Identifier: LGPL-2.1-or-later
// The graph of the render with something behind it that can be looked at at once.
#pragma once

#include "core/chunk_job.h"
#include "lib/gst_ptr.h"

namespace rostrum {

// How a player's SourceBuffer names what make_preview_stream() makes (RFC 6381).
inline constexpr char kPreviewStreamType[] = "video/mp4; codecs=\"avc1.42C033,mp4a.40.2\"";

// Picture and sound of the job's slice as fragmented MP4 (H.264 without reordering, AAC), half a
// second a fragment, written to the descriptor as they are made; whoever reads slowly slows it.
Result<GstPtr<GstElement>> make_preview_stream(const ChunkJob& job, int descriptor);

// The slice's only frame as JPEG.
Result<GstPtr<GstElement>> make_preview_picture(const ChunkJob& job, int descriptor);

}  // namespace rostrum
