// SPDX-License-Identifier: LGPL-2.1-or-later
// Who speaks when in a job: what everybody's microphones say -> the speakers of the plan.
#pragma once

#include "core/plan.h"
#include "core/speaker.h"

#include <cstddef>
#include <string>
#include <vector>

namespace rostrum {

// Somebody who takes part: a person of the manifest, or a camera or microphone without one.
struct Participant {
  std::string person;               // id; "" = nobody's
  std::vector<std::size_t> tracks;  // their cameras and microphones, indices into the plan's
};

// In the order of their first tracks.
std::vector<Participant> participants(const std::vector<PlannedTrack>& tracks);

// Per track the index of its participant; kNobody for screens, slides and music.
std::vector<std::size_t> participant_of_tracks(const std::vector<PlannedTrack>& tracks,
                                               const std::vector<Participant>& participants);

// Whether the layout asks who speaks and has a choice: the policy follows the speaker, and two
// cameras are on at the same time.
bool needs_speaker(const Manifest& manifest, const std::vector<PlannedTrack>& tracks);

// The participant's level at a moment of job time, over `window` around it, in dBFS; kSilence where
// nothing is heard or nothing was measured.
double level_around(const Plan& plan, const MediaMap& media, const Participant& participant,
                    Nanoseconds t, Nanoseconds window);

// What is known of each participant: their levels, with the gain of their clips `as_heard`, or by
// the log when they talk, and after them when anybody else does; and when the last of their media
// is at its end.
struct Hearing {
  std::vector<PersonLevels> people;
  Nanoseconds end{0};
};
Hearing listen(const Manifest& manifest, const MediaMap& media,
               const std::vector<PlannedTrack>& tracks,
               const std::vector<Participant>& participants, SpeakerSource source,
               bool as_heard = false);

// The speakers from 0 to the programme's end; `person` is an index into `participants`.
std::vector<Switch> planned_speakers(const Manifest& manifest, const MediaMap& media,
                                     const std::vector<PlannedTrack>& tracks,
                                     const std::vector<Participant>& participants,
                                     Nanoseconds programme);

}  // namespace rostrum
