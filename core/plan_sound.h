// SPDX-License-Identifier: LGPL-2.1-or-later
// How each track is heard: the clips that its sound is made of, and their gains.
#pragma once

#include "core/loudness.h"
#include "core/plan.h"
#include "core/plan_speaker.h"

#include <cstdint>
#include <optional>

namespace rostrum {

inline constexpr Nanoseconds kMuteRamp = 5ms;  // before and after what is muted

inline constexpr std::int64_t kMostRounds = 100'000;  // of all clips of a job that loop

// How often a medium of that length begins until the clip is full; nothing when it has nothing from
// the in-point on.
std::optional<std::int64_t> rounds_of(const PlannedClip& clip, Nanoseconds medium);

// What the job asks for, its gaps filled with what is usual.
SoundFormat sound_format(const AudioOptions& audio);

// The same job with nothing to see: no layout that asks who speaks, no names, cards or logo.
void leave_out_pictures(Manifest& manifest);

// Does anything of the job's sound depend on who talks, and how loudly?
bool needs_levels(const Manifest& manifest);
// Does anything of it depend on how loud the programme is?
bool needs_loudness(const Manifest& manifest);

// When each of the people talks, for the sound.
std::vector<std::vector<Interval>> talk_for_sound(const Manifest& manifest, const MediaMap& media,
                                                  const std::vector<PlannedTrack>& tracks,
                                                  const std::vector<Participant>& people,
                                                  SpeakerSource source);

// What the programme is before the limiter, window by window, as far as its media were measured:
// the power of voices adds up as of sounds that have nothing to do with each other, and so do their
// peaks, which hardly ever meet.  Of a film of one channel, the media's levels must be those of
// one.
struct ProgrammeLevels {
  WeightedPower power;
  std::vector<double> peaks;  // amplitude
};
ProgrammeLevels programme_levels(const Plan& plan, const MediaMap& media, Nanoseconds programme);

// Its integrated loudness when it is turned up by so many dB and then held under the plan's
// ceiling; nothing for silence.
std::optional<double> limited_loudness(const ProgrammeLevels& levels, double gain, double ceiling);

// Turns everything up or down so that all of the programme, whatever part of it is rendered, is as
// loud as the job wants it.
void set_loudness(Plan& plan, const Manifest& manifest, const MediaMap& media,
                  Nanoseconds programme);

// The same of some tracks alone, by their indices.
ProgrammeLevels track_levels(const Plan& plan, const std::vector<std::size_t>& tracks,
                             const MediaMap& media, Nanoseconds programme);

// Adds the gains that do: of tracks that are turned down while anyone speaks, of people who are
// quieter than the others, and of microphones of people who do not talk.
void add_gains(Plan& plan, const Manifest& manifest, const MediaMap& media);

// Builds the sound of one track out of its clips, which come in order.
class PlannedSound {
 public:
  PlannedSound(PlannedTrack& track, const SoundOptions& options)
      : track_{track}, options_{options} {}

  // Adds the clip to the track, or one for each round of a loop, which its medium must allow;
  // `medium`: its medium's length.
  void add(PlannedClip clip, const Clip& declared, Nanoseconds medium);
  void finish();

 private:
  void fade(const PlannedClip& clip, const SoundOptions& declared);

  PlannedTrack& track_;
  const SoundOptions& options_;
  GainCurve fades_;  // of the clips
  GainCurve mutes_;
};

}  // namespace rostrum
