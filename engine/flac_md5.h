// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/assemble.h"

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace rostrum {

// MD5 of all samples of units of FLAC, as STREAMINFO has it (RFC 9639, 8.2): they are decoded.
Result<std::array<std::uint8_t, 16>> flac_md5(const std::vector<SoundPart>& parts,
                                              const std::stop_token& stop);

}  // namespace rostrum
