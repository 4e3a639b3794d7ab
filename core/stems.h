// SPDX-License-Identifier: LGPL-2.1-or-later
// The sound of each person, and of each track that is nobody's, by itself.
#pragma once

#include "core/media.h"
#include "core/plan.h"
#include "core/slice.h"

#include <string>
#include <vector>

namespace rostrum {

struct Stem {
  std::string name;                 // a word for a file's name, another for each stem of a plan
  std::string person;               // id; "" = of nobody
  std::vector<std::string> tracks;  // ids
  SoundFormat format;
};

// Of all who are heard in the programme: cameras, microphones and screens of one person together,
// every other track alone.  One channel where all their media have one and nothing is panned, with
// the usual bitrate of one or the plan's, whichever is less.
std::vector<Stem> stems_of(const Plan& plan, const MediaMap& media);

// Why so many cannot be made; "" = they can.
std::string too_long(const std::vector<Stem>& stems, const Plan& plan);

// Samples [first, end) of the programme as make_sound_slice() counts them, with the gains that they
// have in the mix, not limited.
Slice make_stem_slice(const Plan& plan, const Stem& stem, std::int64_t first, std::int64_t end);

}  // namespace rostrum
