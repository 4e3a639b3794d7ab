// SPDX-License-Identifier: LGPL-2.1-or-later
// Finished units of sound -> one file of sound alone.
#pragma once

#include "core/sound_file.h"
#include "engine/assemble.h"

namespace rostrum {

// Writes `out` in the container, which must be able to hold the format: exactly
// finish.audio_samples samples, with the title and chapters as it has them.  Errors as
// assemble_mp4().
Result<void> assemble_sound(const JoinedSound& sound, SoundContainer container,
                            const std::string& out, const FinishOptions& finish,
                            const std::stop_token& stop = {});

}  // namespace rostrum
