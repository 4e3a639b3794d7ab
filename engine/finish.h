// SPDX-License-Identifier: LGPL-2.1-or-later
// The finishing pass over a file that mp4mux (faststart=false) wrote.
#pragma once

#include "core/mp4_rewrite.h"
#include "core/result.h"

#include <stop_token>
#include <string>

namespace rostrum {

using FinishOptions = mp4::MovieEdit;

// Writes `out` anew: file type, movie box, samples of `in` (copied without being held in memory),
// chapter titles; then flushes it to the disk.  `out` must not be `in`.  After a failure there is
// no `out`.  Kind::media: `in` is not what mp4mux writes; Kind::usage: `out` cannot be created;
// Kind::internal: reading or writing failed (a full disk says so); Kind::interrupted: `stop`.
Result<void> finish_mp4(const std::string& in, const std::string& out, const FinishOptions& options,
                        std::stop_token stop = {});

}  // namespace rostrum
