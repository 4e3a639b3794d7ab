// SPDX-License-Identifier: LGPL-2.1-or-later
// What is to be heard of each person and of each other track of a plan, window by window.
#pragma once

#include "core/plan_sound.h"

#include <string>
#include <vector>

namespace rostrum {

// A person's cameras and microphones, or a track that is nobody's.
struct PlannedVoice {
  std::string name;
  std::vector<std::size_t> tracks;  // indices into Plan::tracks
  WeightedPower power;              // with all gains, before the limiter; job time from 0 on
  bool suppressed = false;          // a noise suppressor may take away what is no speech
};

struct SoundPlan {
  std::vector<PlannedVoice> voices;
  WeightedPower total;
  double ceiling = -1;  // of the limiter, dBTP
  bool known = false;   // the loudness of all that is heard was measured
};

SoundPlan sound_plan(const Plan& plan, const MediaMap& media, Nanoseconds programme);

// A stretch in which one voice alone is heard, and changes enough for its place in time to show.
struct VoiceProbe {
  std::size_t voice = 0;
  Interval when;  // job time

  friend bool operator==(const VoiceProbe&, const VoiceProbe&) = default;
};

// Speech has several syllables a second: that much of it has no second place that fits as well.
inline constexpr Nanoseconds kVoiceProbe = 6s;
// At most so many, spread over `when` (job time).
std::vector<VoiceProbe> voice_probes(const SoundPlan& sound, Interval when, std::size_t most);

}  // namespace rostrum
