// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a job says that somebody is heard, so that a medium of digital silence there is a fault of
// the recording.  docs/sound.md has the rule.
#pragma once

#include "core/plan.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace rostrum {

inline constexpr std::int16_t kDigitalSilence = -900;  // tenths of dBFS, of all windows at most

// Of one asset: where it is to sound.
struct ExpectedSound {
  std::vector<SilentClip> clips;    // job time
  std::vector<Interval> in_medium;  // the same stretches, in the medium's time
};

// By asset, those that the job expects to sound; also those without a sound stream.
std::map<std::string, ExpectedSound> expected_sound(const Manifest& manifest,
                                                    const MediaMap& media);

// Of levels in tenths of dBFS; false when none are known.
bool all_silent(std::span<const std::int16_t> levels);

// Notes the clips of silent media (MediaInfo::silent) in the plan, with a warning each.
void find_silent_clips(Plan& plan, const Manifest& manifest, const MediaMap& media);

}  // namespace rostrum
