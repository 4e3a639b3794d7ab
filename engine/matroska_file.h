// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/matroska.h"
#include "engine/file.h"

#include <stop_token>
#include <string>

namespace rostrum {

// Writes `out`: the film in Matroska, whose packets are copied from the finished MP4 without being
// held in memory; then flushes it to the disk.  After a failure there is no `out`.  Errors as
// write_fragmented().
Result<void> write_matroska(const File& film, const matroska::Film& index, const std::string& out,
                            const std::stop_token& stop = {});

}  // namespace rostrum
