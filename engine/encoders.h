// SPDX-License-Identifier: LGPL-2.1-or-later
// The video encoders and their settings.
#pragma once

#include "core/manifest.h"
#include "core/result.h"

#include <string>
#include <vector>

namespace rostrum {

// The encoders that may render a film, best first: for "auto" those of kVideoEncoders that are
// installed, else the one that is named.  Fails with Kind::missing_component, naming the package,
// when there is none, or with Kind::usage for a name that is not known.
Result<std::vector<std::string>> video_encoders(const std::string& encoder);

// A launch description "encoder ! caps ! parser" that turns I420 frames tagged BT.709 into H.264
// High (of openh264: its constrained subset), stream-format avc, aligned to access units, closed
// GOPs of at most 250 frames, of constant quality (CRF without a VBV, or a constant quantizer).
// "auto" is the first of video_encoders(). `threads` for the encoder; with 1, the same frames give
// the same bytes on every machine.  Fails like video_encoders().
Result<std::string> describe_video_encoder(const std::string& encoder, Profile profile,
                                           int threads);

// What an encoder's bytes depend on besides the frames: its settings and the build of its library,
// which is loaded for it.
std::string video_encoder_version(const std::string& encoder, Profile profile);

}  // namespace rostrum
