// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_speaker.h"

#include "core/intervals.h"
#include "core/people_heard.h"
#include "core/plan_scenes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace rostrum {

namespace {

// Nobody follows whom `hold` has kept beyond the last end, and must be there for a while to do so.
constexpr Nanoseconds kParting = 1s;

// What of a track counts as somebody's voice.  A screen share's sound is that of what is shown.
bool is_voice(TrackKind kind) { return kind == TrackKind::camera || kind == TrackKind::microphone; }

bool follows_speaker(Policy policy) {
  switch (policy) {
  case Policy::webinar:
  case Policy::single:
  case Policy::speaker:
  case Policy::side_by_side:
  case Policy::stack:
  case Policy::custom:
    return true;
  case Policy::mtslinker:
  case Policy::grid:
  case Policy::presenter:
    return false;
  }
  return false;
}

Interval playable(const PlannedClip& clip) { return {clip.start, clip.start + clip.playable}; }

const std::vector<std::int16_t>& levels_of(const MediaMap& media, const std::string& asset) {
  static const std::vector<std::int16_t> kUnknown;
  const auto found = media.find(asset);
  return found == media.end() ? kUnknown : found->second.levels;
}

// The level of the clip's medium at a moment of job time.
float level_at(const std::vector<std::int16_t>& levels, const PlannedClip& clip, Nanoseconds t) {
  const auto window = (clip.in + t - clip.start) / kLevelWindow;
  if (window < 0 || window >= static_cast<std::int64_t>(levels.size())) return kSilence;
  return static_cast<float>(levels[static_cast<std::size_t>(window)]) / 10;
}

// Lays the clip's levels over the person's, window by window of job time; what is louder counts.
void lay(const std::vector<std::int16_t>& levels, const PlannedClip& clip, double volume,
         std::vector<float>& line) {
  const auto heard = playable(clip);
  const auto gain = static_cast<float>(20 * std::log10(volume));
  for (auto w = heard.from / kLevelWindow; w < static_cast<std::int64_t>(line.size()); ++w) {
    const auto middle = kLevelWindow * w + kLevelWindow / 2;
    if (middle >= heard.to) break;
    if (middle < heard.from) continue;
    auto& level = line[static_cast<std::size_t>(w)];
    level = std::max(level, level_at(levels, clip, middle) + gain);
  }
}

bool is_default_person(const SpeakerLayout& speaker, const Participant& who, const Person* person) {
  if (!speaker.default_person.empty()) return who.person == speaker.default_person;
  return person && person->role == Role::presenter;
}

// Where they are not heard.  A log knows who talks into a clip without sound: there they are muted
// only where the clip says so.
std::vector<Interval> muted(const std::vector<PlannedTrack>& tracks, const Participant& who,
                            SpeakerSource source, const std::vector<Interval>& present,
                            const std::vector<Interval>& audible) {
  if (source == SpeakerSource::levels) return difference(merged(present), audible);
  std::vector<Interval> declared;
  for (const auto t : who.tracks)
    for (const auto& clip : tracks[t].clips)
      for (const auto& m : clip.muted)
        declared.push_back({std::max(m.from, clip.start), std::min(m.to, clip.end())});
  return difference(merged(std::move(declared)), audible);
}

// What is known of one participant, but for what they say; nullptr for a track without a person.
PersonLevels attendance(const LayoutOptions& layout, const std::vector<PlannedTrack>& tracks,
                        const Participant& who, const Person* known, SpeakerSource source) {
  PersonLevels person;
  person.presenter = is_default_person(layout.speaker, who, known);
  person.visible.emplace();
  std::vector<Interval> audible;
  for (const auto t : who.tracks)
    for (const auto& clip : tracks[t].clips) {
      if (clip.has_video || clip.has_audio) person.present.push_back({clip.start, clip.end()});
      if (tracks[t].kind == TrackKind::camera)
        for (const auto& seen : visible_intervals(clip)) person.visible->push_back(seen);
      if (clip.has_audio)
        for (const auto& part : subtract(playable(clip), clip.muted)) audible.push_back(part);
    }
  audible = merged(std::move(audible));
  if (layout.cards && !who.person.empty())  // they are shown while they can be heard
    person.visible->insert(person.visible->end(), audible.begin(), audible.end());
  person.muted = muted(tracks, who, source, person.present, audible);
  return person;
}

// When the last of their clips has ended that can be played; 0 without one.
Nanoseconds last_end(const std::vector<PlannedTrack>& tracks, const Participant& who) {
  Nanoseconds end{0};
  for (const auto t : who.tracks)
    for (const auto& clip : tracks[t].clips)
      if (clip.has_video || clip.has_audio) end = std::max(end, playable(clip).to);
  return end;
}

// A window that has begun by then counts.
std::size_t windows_until(Nanoseconds end) {
  return static_cast<std::size_t>((end + kLevelWindow - 1ns) / kLevelWindow);
}

// Of one participant, until their own end.
std::vector<float> levels(const std::vector<PlannedTrack>& tracks, const MediaMap& media,
                          const Participant& who, bool as_heard) {
  std::vector<float> line(windows_until(last_end(tracks, who)), kSilence);
  for (const auto t : who.tracks)
    for (const auto& clip : tracks[t].clips)
      if (clip.has_audio) lay(levels_of(media, clip.asset), clip, as_heard ? clip.volume : 1, line);
  return line;
}

// The talk that the log has of people where they have no camera or microphone of their own: it is
// heard in a sound of all, and so it is no silence.
std::optional<PersonLevels> talk_of_others(const Manifest& manifest,
                                           const std::vector<Participant>& participants,
                                           const std::vector<PersonLevels>& attended) {
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t p = 0; p < participants.size(); ++p) known.emplace(participants[p].person, p);
  std::vector<Interval> talks;
  for (const auto& person : manifest.people) {
    const auto found = known.find(person.id);
    const auto own =
        found == known.end() ? std::vector<Interval>{} : merged(attended[found->second].present);
    for (const auto& part : difference(merged(person.talking), own)) talks.push_back(part);
  }
  if (talks.empty()) return {};
  PersonLevels others;
  others.present = merged(std::move(talks));
  others.talks = others.present;
  others.visible.emplace();
  return others;
}

// The layout, or that of one of the scenes.
bool follows_speaker(const Manifest& manifest) {
  return follows_speaker(manifest.layout.policy) ||
         std::any_of(manifest.scenes.begin(), manifest.scenes.end(), [](const LayoutScene& s) {
           return s.policy && s.speaker.empty() && follows_speaker(*s.policy);
         });
}

}  // namespace

std::vector<Participant> participants(const std::vector<PlannedTrack>& tracks) {
  std::vector<Participant> found;
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (!is_voice(tracks[t].kind)) continue;
    const auto& person = tracks[t].person;
    auto index = found.size();
    if (!person.empty()) index = known.emplace(person, index).first->second;
    if (index == found.size()) found.push_back({person, {}});
    found[index].tracks.push_back(t);
  }
  return found;
}

std::vector<std::size_t> participant_of_tracks(const std::vector<PlannedTrack>& tracks,
                                               const std::vector<Participant>& participants) {
  std::vector<std::size_t> found(tracks.size(), kNobody);
  for (std::size_t p = 0; p < participants.size(); ++p)
    for (const auto t : participants[p].tracks) found[t] = p;
  return found;
}

bool needs_speaker(const Manifest& manifest, const std::vector<PlannedTrack>& tracks) {
  if (!follows_speaker(manifest)) return false;
  std::vector<std::pair<Nanoseconds, int>> edges;  // a camera goes on or off
  const auto note = [&edges](Interval shown) {
    edges.emplace_back(shown.from, 1);
    edges.emplace_back(shown.to, -1);
  };
  for (const auto& track : tracks)
    for (const auto& clip : track.clips) {
      if (track.kind == TrackKind::camera)
        for (const auto& seen : visible_intervals(clip)) note(seen);
    }
  if (manifest.layout.cards) {  // they take part like cameras
    const FrameGrid grid{manifest.canvas.rate};
    const FrameRange all{0, std::numeric_limits<std::int64_t>::max()};
    for (const auto& [person, track, clip, frames] : heard_unseen(tracks, grid, all)) {
      if (frames.count() < 3) continue;  // rounded to frames, it may touch the camera's own time
      edges.emplace_back(grid.start(frames.first + 1), 1);
      edges.emplace_back(grid.start(frames.end - 1), -1);
    }
  }
  std::sort(edges.begin(), edges.end());
  int on = 0;
  return std::any_of(edges.begin(), edges.end(),
                     [&](const auto& e) { return (on += e.second) > 1; });
}

double level_around(const Plan& plan, const MediaMap& media, const Participant& participant,
                    Nanoseconds t, Nanoseconds window) {
  double power = 0;
  std::int64_t count = 0;
  for (auto at = t - window / 2; at < t + window / 2; at += kLevelWindow, ++count) {
    float level = kSilence;
    for (const auto track : participant.tracks)
      for (const auto& clip : plan.tracks[track].clips)
        if (clip.has_audio && playable(clip).contains(at))
          level = std::max(level, level_at(levels_of(media, clip.asset), clip, at));
    if (level > kSilence) power += std::pow(10.0, static_cast<double>(level) / 10);
  }
  return power > 0 ? 10 * std::log10(power / static_cast<double>(count)) : kSilence;
}

Hearing listen(const Manifest& manifest, const MediaMap& media,
               const std::vector<PlannedTrack>& tracks,
               const std::vector<Participant>& participants, SpeakerSource source, bool as_heard) {
  std::unordered_map<std::string_view, const Person*> known;
  for (const auto& person : manifest.people) known.emplace(person.id, &person);
  Hearing hearing;
  for (const auto& who : participants) {
    const auto found = known.find(who.person);
    const auto* declared = found == known.end() ? nullptr : found->second;
    auto person = attendance(manifest.layout, tracks, who, declared, source);
    if (source == SpeakerSource::log)
      person.talks = declared ? declared->talking : std::vector<Interval>{};
    else
      person.levels = levels(tracks, media, who, as_heard);
    hearing.people.push_back(std::move(person));
    hearing.end = std::max(hearing.end, last_end(tracks, who));
  }
  if (source == SpeakerSource::log)
    if (auto others = talk_of_others(manifest, participants, hearing.people))
      hearing.people.push_back(std::move(*others));
  return hearing;
}

std::vector<Switch> planned_speakers(const Manifest& manifest, const MediaMap& media,
                                     const std::vector<PlannedTrack>& tracks,
                                     const std::vector<Participant>& participants,
                                     Nanoseconds programme) {
  const auto& speaker = manifest.layout.speaker;
  const auto hearing = listen(manifest, media, tracks, participants, speaker.source);
  const auto end = hearing.end + speaker.options.hold + kParting;
  return decide_speakers(hearing.people, std::min(programme, end), speaker.options);
}

}  // namespace rostrum
