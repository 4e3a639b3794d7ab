// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether what a film sounds like is what its sources sound like at that time.
#pragma once

#include "core/envelope.h"
#include "core/sound_plan.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rostrum {

struct SoundLag {
  Nanoseconds lag{0};      // that the film's sound comes too late; negative: too early
  double correlation = 0;  // of the envelopes there
};

// How far from its time the sound is searched for: a second that is cut out is found.
inline constexpr Nanoseconds kSoundReach = 2s;

// Where in the film's envelope, which begins before the source's time and ends as much after it,
// the source's is found; nothing where it is not.
std::optional<SoundLag> find_lag(std::span<const float> film, std::span<const float> source);

// A stretch of the film in which something of the sound is not as planned.
struct SoundFault {
  enum class Kind { lost, uncalled, loud } kind = Kind::lost;
  Interval when;                         // job time
  std::string voice;                     // that is lost or too loud
  std::vector<std::size_t> tracks = {};  // its, indices into Plan::tracks
};

// How loud one voice is in the film, against the plan.
struct VoiceLevel {
  std::string name;
  Nanoseconds judged{0};           // where it is heard alone
  std::optional<double> off = {};  // dB, the median; nothing where it is never alone
};

struct SoundJudgement {
  std::vector<SoundFault> faults;
  std::vector<VoiceLevel> voices;
};

// `film`: its power, window by window, from `first` (a window of job time) on.
SoundJudgement judge_levels(const SoundPlan& sound, std::span<const double> film,
                            std::size_t first);

}  // namespace rostrum
