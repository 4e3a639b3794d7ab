// SPDX-License-Identifier: LGPL-2.1-or-later
// The encoders of sound and their settings.
#pragma once

#include "core/chunk_job.h"
#include "core/result.h"

#include <string>

namespace rostrum {

// A launch description that turns F32 at 48 kHz into packets of the format; two runs of it over the
// same sound come to the same packets within packet_grid()'s pre-roll.
std::string describe_sound_encoder(const SoundFormat& format);

// The stream of FLAC in job.output becomes an MP4 with its frames as packets, counted from
// job.first_block.  Kind::internal when it is not whole.
Result<void> wrap_flac(const ChunkJob& job);

}  // namespace rostrum
