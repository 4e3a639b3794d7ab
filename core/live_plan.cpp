// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_plan.h"

#include "core/gain.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace rostrum {

namespace {

// Gives out the numbers of pads.  A person's first camera and microphone share one; what is
// nobody's, and a person's further cameras, have their own.
class Numbers {
 public:
  explicit Numbers(const Manifest& manifest) {
    for (const auto& track : manifest.tracks)
      if (track.kind == TrackKind::microphone && !track.person.empty())
        with_microphone_.insert(track.person);
  }

  void number(const Track& declared, LiveTrack& track) {
    const auto& person = declared.person;
    const bool first = !person.empty() && seen_.insert({person, declared.kind}).second;
    track.number = first && track.kind != TrackKind::screen ? of_person(person) : next_++;
    const bool voice = track.kind == TrackKind::microphone;
    track.measured =
        voice ? first || person.empty()
              : track.switched() && (first || person.empty()) && !with_microphone_.contains(person);
  }

 private:
  unsigned of_person(const std::string& person) {
    const auto [found, is_new] = people_.try_emplace(person, next_);
    if (is_new) ++next_;
    return found->second;
  }

  std::set<std::string> with_microphone_;
  std::set<std::pair<std::string, TrackKind>> seen_;
  std::map<std::string, unsigned> people_;
  unsigned next_ = 0;
};

LiveTrack live_track(const Manifest& manifest, std::size_t index) {
  const auto& declared = manifest.tracks[index];
  const auto* person = manifest.person(declared.person);
  LiveTrack track;
  track.index = index;
  track.id = declared.id;
  track.name = person ? person->name : declared.id;
  track.kind = declared.kind;
  track.source = parse_live_source(declared.uri).value_or(LiveSource{});
  track.presenter = person && person->role == Role::presenter;
  track.volume = from_decibels(declared.sound.gain);
  return track;
}

std::string pad_of(const LivePlan& plan, const Manifest& manifest, const std::string& person) {
  for (const bool camera : {true, false})
    for (const auto& track : plan.tracks)
      if (manifest.tracks[track.index].person == person && !person.empty() &&
          (camera ? track.switched() : track.measured))
        return (camera ? "video_" : "audio_") + std::to_string(track.number);
  return {};
}

}  // namespace

LivePlan plan_live(const Manifest& manifest) {
  LivePlan plan;
  Numbers numbers{manifest};
  for (std::size_t i = 0; i < manifest.tracks.size(); ++i) {
    plan.tracks.push_back(live_track(manifest, i));
    numbers.number(manifest.tracks[i], plan.tracks.back());
  }
  plan.title = manifest.title;
  plan.canvas = manifest.canvas;
  plan.policy = manifest.layout.policy;
  plan.speaker = manifest.layout.speaker.options;
  plan.default_pad = pad_of(plan, manifest, manifest.layout.speaker.default_person);
  auto& format = plan.format;
  format.channels = manifest.audio.channels.value_or(kUsualChannels);
  format.bitrate = manifest.audio.bitrate.value_or(usual_bitrate(format.codec, format.channels));
  plan.ceiling = manifest.audio.true_peak.value_or(kUsualTruePeak) - codec_peaks(format.codec);
  plan.duration = manifest.duration;
  plan.ends_on_loss = manifest.on_damage == OnDamage::fail;
  return plan;
}

}  // namespace rostrum
