// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether the programme's sound is one medium's as it is, so that its packets can be taken over.
#pragma once

#include "core/plan.h"

namespace rostrum {

// Why the sound must be encoded; "" where all of it is one clip of AAC-LC of the film's rate and
// channels that nothing changes: no gain, pan, fade, mute, ducking, levelling or loudness, and
// nobody has asked for a true peak or a bitrate.
std::string encoded_because(const Plan& plan, const AudioOptions& audio, const MediaMap& media);

}  // namespace rostrum
