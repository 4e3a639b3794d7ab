// SPDX-License-Identifier: LGPL-2.1-or-later
// A profile's settings against the element that is really installed.
#pragma once

#include "core/encoder_profiles.h"

#include <string>

namespace rostrum {

// The settings as a launch description, " name=value" each, with the first of its values that the
// element takes.  Or all that is wrong: a property that the element has not or that cannot be
// written, a value that is no word of its enum, out of its range or of another type; pointers are
// those of the encoder's file.  The element must be installed.
tl::expected<std::string, Problems> launch_settings(const VideoEncoder& encoder,
                                                    const std::string& profile);

}  // namespace rostrum
