// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sound_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rostrum {

namespace {

constexpr double kAlone = 0.9;       // share of the power
constexpr double kLoudEnough = -45;  // LUFS
constexpr double kLively = 3;        // dB, standard deviation
constexpr double kLivelyRange = 40;  // dB below the loudest window: what is below is a pause

std::string name_of_voice(const Plan& plan, const Participant& participant) {
  for (const auto& person : plan.people)
    if (!participant.person.empty() && person.id == participant.person)
      return person.name.empty() ? person.id : person.name;
  return plan.tracks[participant.tracks.front()].id;
}

bool all_known(const Plan& plan, const MediaMap& media) {
  return std::all_of(plan.tracks.begin(), plan.tracks.end(), [&](const PlannedTrack& track) {
    return std::all_of(track.clips.begin(), track.clips.end(), [&](const PlannedClip& clip) {
      const auto found = media.find(clip.asset);
      return !clip.has_audio || (found != media.end() && !found->second.loudness.empty());
    });
  });
}

bool has_sound(const Plan& plan, const std::vector<std::size_t>& tracks) {
  return std::any_of(tracks.begin(), tracks.end(), [&](std::size_t t) {
    const auto& clips = plan.tracks[t].clips;
    return std::any_of(clips.begin(), clips.end(),
                       [](const PlannedClip& clip) { return clip.has_audio; });
  });
}

void add_voice(const Plan& plan, const MediaMap& media, Nanoseconds programme, PlannedVoice voice,
               SoundPlan& sound) {
  if (!has_sound(plan, voice.tracks)) return;
  voice.power = track_levels(plan, voice.tracks, media, programme).power;
  voice.suppressed = std::any_of(voice.tracks.begin(), voice.tracks.end(), [&](std::size_t t) {
    return plan.tracks[t].filter.suppression != Suppression::off;
  });
  for (std::size_t w = 0; w < voice.power.size(); ++w) sound.total[w] += voice.power[w];
  sound.voices.push_back(std::move(voice));
}

bool is_lively(std::span<const double> power) {
  const auto most = lufs_of(*std::max_element(power.begin(), power.end()));
  double sum = 0;
  double squares = 0;
  for (const auto p : power) {
    const auto level = std::max(p > 0 ? lufs_of(p) : -200.0, most - kLivelyRange);
    sum += level;
    squares += level * level;
  }
  const auto n = static_cast<double>(power.size());
  return squares / n - sum / n * (sum / n) >= kLively * kLively;
}

bool is_probe(const SoundPlan& sound, const PlannedVoice& voice, std::size_t first,
              std::size_t count) {
  const auto part = std::span{voice.power}.subspan(first, count);
  const auto all = std::span{sound.total}.subspan(first, count);
  const auto mine = std::accumulate(part.begin(), part.end(), 0.0);
  const auto whole = std::accumulate(all.begin(), all.end(), 0.0);
  return mine > 0 && mine >= kAlone * whole &&
         lufs_of(mine / static_cast<double>(count)) >= kLoudEnough && is_lively(part);
}

}  // namespace

SoundPlan sound_plan(const Plan& plan, const MediaMap& media, Nanoseconds programme) {
  SoundPlan sound;
  sound.ceiling = plan.ceiling;
  sound.known = all_known(plan, media);
  sound.total.resize(static_cast<std::size_t>(programme / kLoudnessWindow));
  const auto people = participants(plan.tracks);
  const auto owners = participant_of_tracks(plan.tracks, people);
  for (const auto& person : people)
    add_voice(plan, media, programme, {name_of_voice(plan, person), person.tracks, {}}, sound);
  for (std::size_t t = 0; t < plan.tracks.size(); ++t)
    if (owners[t] == kNobody)
      add_voice(plan, media, programme, {plan.tracks[t].id, {t}, {}}, sound);
  return sound;
}

std::vector<VoiceProbe> voice_probes(const SoundPlan& sound, Interval when, std::size_t most) {
  constexpr auto kCount = static_cast<std::size_t>(kVoiceProbe / kLoudnessWindow);
  constexpr std::size_t kStep = kCount / 2;
  std::vector<VoiceProbe> found;
  const auto end = std::min(sound.total.size(),
                            static_cast<std::size_t>(std::max(when.to, 0ns) / kLoudnessWindow));
  const auto first = static_cast<std::size_t>((std::max(when.from, 0ns) + kLoudnessWindow - 1ns) /
                                              kLoudnessWindow);
  for (auto w = first; w + kCount <= end; w += kStep)
    for (std::size_t v = 0; v < sound.voices.size(); ++v)
      if (is_probe(sound, sound.voices[v], w, kCount)) {
        const auto from = kLoudnessWindow * static_cast<std::int64_t>(w);
        found.push_back({v, {from, from + kVoiceProbe}});
      }
  if (found.size() <= most || most < 2) return found;
  std::vector<VoiceProbe> spread;
  for (std::size_t i = 0; i < most; ++i)
    spread.push_back(found[i * (found.size() - 1) / (most - 1)]);
  return spread;
}

}  // namespace rostrum
