// SPDX-License-Identifier: LGPL-2.1-or-later
// How a worker gets the media of its job.
#pragma once

#include "core/chunk_job.h"
#include "core/result.h"
#include "engine/file.h"
#include "engine/media_files.h"

#include <vector>

namespace rostrum {

// What becomes of a medium that cannot be opened any more: the job is not as it was planned, or
// what is only looked at goes without it.
enum class Vanished { is_an_error, is_left_out };

// Opens the job's media, and names them in the job as the worker can open them that is given these
// descriptors behind `before` others: a path may come to mean another file.  Kind::media when one
// cannot be opened any more and that is an error.
Result<std::vector<File>> open_media(ChunkJob& job, const MediaFiles& files, std::size_t before = 0,
                                     Vanished vanished = Vanished::is_an_error);

}  // namespace rostrum
