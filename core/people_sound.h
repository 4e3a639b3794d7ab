// SPDX-License-Identifier: LGPL-2.1-or-later
// How loud each person is in the finished programme, and for how long they talk.
#pragma once

#include "core/plan.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct PersonSound {
  std::string id;
  std::string name;
  // Of their cameras and microphones with all gains, before the limiter.  Absent: not measured, or
  // silence.
  std::optional<double> integrated;  // LUFS
  std::optional<double> peak;        // dBFS, of samples
  std::optional<Nanoseconds> talk;   // absent: nothing says when they talk
};

// Of the people with cameras or microphones, within the frames of the plan.
std::vector<PersonSound> people_sound(const Plan& plan, const Manifest& manifest,
                                      const MediaMap& media);

}  // namespace rostrum
