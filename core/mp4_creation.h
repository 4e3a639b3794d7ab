// SPDX-License-Identifier: LGPL-2.1-or-later
// When a movie was made, as its header says.
#pragma once

#include "core/mp4_box.h"

#include <chrono>
#include <optional>

namespace rostrum::mp4 {

// creation_time of the movie header (ISO/IEC 14496-12, 8.2.2).  `moov`: the body of the box.
// Nothing where it is not set, or is before 1970, as that of clocks that were never set.
std::optional<std::chrono::sys_seconds> creation_time(View moov);

}  // namespace rostrum::mp4
