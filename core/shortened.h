// SPDX-License-Identifier: LGPL-2.1-or-later
// Text that must not be longer than a manifest takes it.
#pragma once

#include <cstddef>
#include <string>

namespace rostrum {

// At most that many bytes of the UTF-8 text, whole characters.
std::string shortened(std::string text, std::size_t bytes);

}  // namespace rostrum
