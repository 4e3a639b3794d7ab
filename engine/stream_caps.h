// SPDX-License-Identifier: LGPL-2.1-or-later
// What a pad's caps and tags say of a medium's stream.
#pragma once

#include "core/media.h"

#include <gst/gst.h>

#include <optional>
#include <string>

namespace rostrum {

// Nothing while there are no such caps.
std::optional<VideoInfo> video_info(GstPad* pad);
std::optional<AudioInfo> audio_info(GstPad* pad);

// What of a picture is lost because its light is taken for that of ordinary ones; "" = nothing.
std::string loss_of_light(GstPad* pad);

// Whether the sound that is coded at this sink of its decoder is AAC-LC as it is, without what
// makes another rate or more channels of it, in packets of 1024 samples (ISO/IEC 14496-3, 4.4.1:
// frameLengthFlag).
bool is_aac_lc(GstPad* decoder, const AudioInfo& sound);

// Whether frames of such a picture would take gigabytes, and the problem that this is.
bool is_too_large(const GstCaps* caps);
std::string too_large();

}  // namespace rostrum
