// SPDX-License-Identifier: LGPL-2.1-or-later
// A slice as text: what a worker is given, and what a chunk's key is computed from.
#pragma once

#include "core/result.h"
#include "core/slice.h"

#include <string>
#include <string_view>

namespace rostrum {

// Canonical: the same slice gives the same bytes.  Times are integer nanoseconds.
std::string slice_json(const Slice& slice);

// Reads what slice_json() wrote; Kind::internal for anything else.
Result<Slice> parse_slice(std::string_view json);

}  // namespace rostrum
