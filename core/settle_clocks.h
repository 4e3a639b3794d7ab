// SPDX-License-Identifier: LGPL-2.1-or-later
// By which clock each medium's sound is played.
#pragma once

#include "core/manifest.h"
#include "core/media.h"

namespace rostrum {

// Clocks that run off by less, or by more, are left alone, in parts per billion: 0.02 % and 0.5 %.
inline constexpr std::int64_t kLeastOff = 200'000;
inline constexpr std::int64_t kMostOff = 5'000'000;

// Takes the clock that the job says, else what the medium itself shows, and what of the medium is
// playable by it.  Once, after probing.
void settle_clock(MediaInfo& info, const std::optional<double>& declared);
// Likewise; what the log says was switched off before the end is not taken for a clock.
void settle_clock(const Manifest& manifest, const Asset& asset, MediaInfo& info);
void settle_clocks(const Manifest& manifest, MediaMap& media);

// The cure, too: for the plan's warnings.
std::string clock_warning(const std::string& asset, const MediaInfo& info);

}  // namespace rostrum
