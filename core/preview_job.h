// SPDX-License-Identifier: LGPL-2.1-or-later
// The jobs of a worker that a preview asks for: a chunk job (core/chunk_job.h) without an output.
// The ending of the file that holds it says what is made of it, and the first descriptor that the
// worker is given takes it.
#pragma once

namespace rostrum {

// Picture and sound as fragmented MP4, to be played while it is made.
inline constexpr char kPreviewStreamEnding[] = ".stream";
// The slice's first frame as JPEG.
inline constexpr char kPreviewPictureEnding[] = ".picture";

}  // namespace rostrum
