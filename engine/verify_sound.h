// SPDX-License-Identifier: LGPL-2.1-or-later
// Measures what is really in a finished file of sound that is no MP4.
#pragma once

#include "engine/verify.h"

namespace rostrum {

// Whether the file begins as Ogg or FLAC does.
bool is_sound_file(const std::string& path);

// Decodes all of it.  Fails like verify().
Result<VerifyReport> verify_sound(const std::string& path, const VerifyOptions& options);

}  // namespace rostrum
