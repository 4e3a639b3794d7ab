// SPDX-License-Identifier: LGPL-2.1-or-later
// The jobs of a worker that a preview asks for: a chunk job (core/chunk_job.h) without an output,
// in a file of this ending.  Such a worker is started ahead of its job and makes itself ready.  The
// first descriptor that it is given takes what it makes; from the second it reads one byte, a
// PreviewKind, once the file is there, or finds its end when nothing is wanted.
#pragma once

namespace rostrum {

inline constexpr char kPreviewEnding[] = ".preview";

enum class PreviewKind : char {
  stream = 's',   // picture and sound as fragmented MP4, to be played while it is made
  picture = 'p',  // the slice's first frame as JPEG
};

}  // namespace rostrum
