// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/mp4_fragmented.h"
#include "engine/file.h"

#include <stop_token>
#include <string>

namespace rostrum {

// Writes `out`: the film's head, its index, and its fragments, whose samples are copied from the
// finished film without being held in memory; then flushes it to the disk.  After a failure there
// is no `out`.  Kind::usage: it cannot be created; Kind::internal: reading or writing failed;
// Kind::interrupted: `stop`.
Result<void> write_fragmented(const File& film, const mp4::FragmentedMovie& movie,
                              const std::string& out, const std::stop_token& stop = {});

}  // namespace rostrum
