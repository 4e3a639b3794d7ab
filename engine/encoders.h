// SPDX-License-Identifier: LGPL-2.1-or-later
// The video encoder and its settings.
#pragma once

#include "core/manifest.h"
#include "core/result.h"

#include <string>

namespace rostrum {

// A launch description "encoder ! caps ! parser" that turns I420 frames tagged BT.709 into H.264
// High, stream-format avc, aligned to access units, closed GOPs of at most 250 frames, of constant
// quality (CRF without a VBV).  `encoder`: "auto" or "x264".  `threads` for the encoder; with 1,
// the same frames give the same bytes on every machine.  Fails with Kind::missing_component, naming
// the package, or with Kind::usage for a name that is not known.
Result<std::string> describe_video_encoder(const std::string& encoder, Profile profile,
                                           int threads);

}  // namespace rostrum
