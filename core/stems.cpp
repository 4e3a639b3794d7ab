// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/stems.h"

#include "core/sound_file.h"

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

bool is_persons(const PlannedTrack& track) {
  return !track.person.empty() &&
         (track.kind == TrackKind::camera || track.kind == TrackKind::microphone ||
          track.kind == TrackKind::screen);
}

// Ids of the tracks that sound within the programme.
std::set<std::string> heard_tracks(const Plan& plan) {
  const Interval programme{sample_time(plan, 0), sample_time(plan, sample_count(plan))};
  std::set<std::string> heard;
  for (const auto& voice : voices(plan, programme))
    // A filtered voice has also what its filters settle on, before.
    if (std::any_of(voice.pieces.begin(), voice.pieces.end(), [&](const Piece& piece) {
          return piece.start < programme.to && piece.start + piece.duration > programme.from;
        }))
      heard.insert(voice.track);
  return heard;
}

bool is_mono(const PlannedTrack& track, const MediaMap& media) {
  return std::all_of(track.clips.begin(), track.clips.end(), [&](const PlannedClip& clip) {
    const auto found = media.find(clip.asset);
    return !clip.has_audio || (clip.pan == 0 && found != media.end() && found->second.audio &&
                               found->second.audio->channels == 1);
  });
}

std::string name_of(const Plan& plan, const PlannedTrack& track) {
  if (!is_persons(track)) return track.id;
  const auto person = std::find_if(plan.people.begin(), plan.people.end(),
                                   [&](const Person& p) { return p.id == track.person; });
  return person == plan.people.end() || person->name.empty() ? track.person : person->name;
}

std::string unused(const std::string& word, std::set<std::string>& taken) {
  auto name = word;
  for (int n = 2; !taken.insert(name).second; ++n) name = word + "-" + std::to_string(n);
  return name;
}

}  // namespace

std::vector<Stem> stems_of(const Plan& plan, const MediaMap& media) {
  std::vector<Stem> stems;
  std::set<std::string> taken;
  std::vector<bool> mono;
  const auto heard = heard_tracks(plan);
  for (const auto& track : plan.tracks) {
    if (!heard.contains(track.id)) continue;
    auto stem = std::find_if(stems.begin(), stems.end(), [&](const Stem& s) {
      return is_persons(track) && s.person == track.person;
    });
    if (stem == stems.end()) {
      stems.push_back({.name = unused(safe_file_word(name_of(plan, track)), taken),
                       .person = is_persons(track) ? track.person : "",
                       .tracks = {},
                       .format = plan.sound});
      mono.push_back(true);
      stem = stems.end() - 1;
    }
    stem->tracks.push_back(track.id);
    const auto index = static_cast<std::size_t>(stem - stems.begin());
    mono[index] = mono[index] && is_mono(track, media);
  }
  for (std::size_t i = 0; i < stems.size(); ++i)
    if (auto& format = stems[i].format; mono[i] && format.channels == 2)
      format = {format.codec, 1, std::min(format.bitrate, usual_bitrate(format.codec, 1))};
  return stems;
}

std::string too_long(const std::vector<Stem>& stems, const Plan& plan) {
  constexpr std::int64_t kMostHours = 1000;
  constexpr std::int64_t kHour = 3600LL * kSampleRate;
  const auto samples = sample_count(plan) * static_cast<std::int64_t>(stems.size());
  if (samples <= kMostHours * kHour) return {};
  return "the " + std::to_string(stems.size()) + " stems are " +
         std::to_string(scale_round(samples, 1, kHour)) + " hours long together, at most " +
         std::to_string(kMostHours) + " can be made; render parts with --from and --to";
}

Slice make_stem_slice(const Plan& plan, const Stem& stem, std::int64_t first, std::int64_t end) {
  auto slice = make_sound_slice(plan, first, end, stem.tracks);
  slice.ceiling.reset();
  slice.format = stem.format;
  return slice;
}

}  // namespace rostrum
