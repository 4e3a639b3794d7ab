// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/people_sound.h"

#include "core/plan_sound.h"
#include "core/plan_speaker.h"

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

// Whether that part of the measurement is there for all that is heard on the tracks.
bool measured(const Plan& plan, const std::vector<std::size_t>& tracks, const MediaMap& media,
              std::vector<std::int16_t> MediaInfo::*part) {
  for (const auto t : tracks)
    for (const auto& clip : plan.tracks[t].clips)
      if (const auto found = media.find(clip.asset); clip.has_audio && found != media.end())
        if ((found->second.*part).empty()) return false;
  return true;
}

void add_loudness(const Plan& plan, const Participant& who, const MediaMap& media,
                  PersonSound& sound) {
  auto levels = track_levels(plan, who.tracks, media, plan.grid.start(plan.frames.end));
  const auto first =
      std::min(static_cast<std::size_t>(plan.grid.start(plan.frames.first) / kLoudnessWindow),
               levels.power.size());
  std::fill_n(levels.power.begin(), first, 0.0);
  std::fill_n(levels.peaks.begin(), first, 0.0);
  sound.integrated = integrated_loudness(levels.power);
  const auto peak = std::max_element(levels.peaks.begin(), levels.peaks.end());
  // The least that a level can be is a way to say silence.
  if (sound.integrated && peak != levels.peaks.end() && *peak > 0)
    sound.peak = 20 * std::log10(*peak);
}

Nanoseconds within(const std::vector<Interval>& times, Interval part) {
  Nanoseconds sum{0};
  for (const auto& t : times)
    sum += std::max(std::min(t.to, part.to) - std::max(t.from, part.from), 0ns);
  return sum;
}

// The tracks as loud as they were when the plan looked for who talks.
std::vector<PlannedTrack> before_loudness(const Plan& plan) {
  auto tracks = plan.tracks;
  for (auto& track : tracks)
    for (auto& clip : track.clips) clip.volume /= plan.made_up;
  return tracks;
}

}  // namespace

std::vector<PersonSound> people_sound(const Plan& plan, const Manifest& manifest,
                                      const MediaMap& media) {
  const auto people = participants(plan.tracks);
  const auto source = manifest.layout.speaker.source;
  const auto talk = talk_for_sound(manifest, media, before_loudness(plan), people, source);
  const Interval part{plan.grid.start(plan.frames.first), plan.grid.start(plan.frames.end)};
  std::vector<PersonSound> found;
  for (std::size_t p = 0; p < people.size(); ++p) {
    const auto* person = manifest.person(people[p].person);
    if (!person) continue;
    auto& sound = found.emplace_back();
    sound.id = person->id;
    sound.name = person->name;
    const auto& tracks = people[p].tracks;
    if (source == SpeakerSource::log || measured(plan, tracks, media, &MediaInfo::levels))
      sound.talk = within(talk[p], part);
    if (needs_loudness(manifest) && measured(plan, tracks, media, &MediaInfo::loudness))
      add_loudness(plan, people[p], media, sound);
  }
  return found;
}

}  // namespace rostrum
