// SPDX-License-Identifier: LGPL-2.1-or-later
// What a film's voices sound like at the times at which the film is listened to.
#pragma once

#include "core/result.h"
#include "core/sound_match.h"
#include "engine/media_files.h"

#include <stop_token>

namespace rostrum {

// The envelope of one voice, as the plan plays it before filters and limiter; `files` opens its
// media.  Kind::interrupted when stopped.
Result<Envelope> reference_envelope(const Plan& plan, const MediaMap& media,
                                    const PlannedVoice& voice, Interval when,
                                    const MediaFiles& files, const std::stop_token& stop = {});

}  // namespace rostrum
