// SPDX-License-Identifier: LGPL-2.1-or-later
// How many samples an index may speak of: what is set aside for them must not grow with a number
// that a damaged file names.
#pragma once

#include "core/mp4_box.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace rostrum::mp4 {

// Why the samples that this movie box's body lists cannot lie in a file of so many bytes, a clause:
// "track 1 lists 100000000 samples of 4 bytes, more than the file holds"; "" = they can.
std::string impossible_samples(View moov, std::uint64_t file_bytes);

// As many samples as a file of so many bytes could list the sizes of, and at most those of a film
// of three days: one that is listed takes ten times as much memory.
std::size_t most_samples(std::uint64_t file_bytes);

}  // namespace rostrum::mp4
