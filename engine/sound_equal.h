// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether sound that was copied is really the medium's, so that nobody needs to listen to it.
#pragma once

#include "core/media.h"
#include "core/plan.h"
#include "engine/media_files.h"

#include <string>

namespace rostrum {

// Whether all packets of the film's sound but the last, which may fill it up, are those of the only
// medium that the plan plays, byte by byte, coded as its index says, and each in its place to
// within 20 ms.  False, too, where that cannot be told: of a medium that is no MP4 file with an
// index, or whose edit list does more than to begin somewhere.
bool has_sound_of_medium(const std::string& film, const Plan& plan, const MediaMap& media,
                         const MediaFiles& files);

}  // namespace rostrum
