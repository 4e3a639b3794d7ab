// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_copy.h"

#include "core/clip_schedule.h"
#include "core/slice.h"

#include <algorithm>

namespace rostrum {

namespace {

// A clip may end that much before the film: less than a packet, which a silent one fills.
constexpr Nanoseconds kLacking{20'000'000};

struct Heard {
  const PlannedTrack* track = nullptr;
  const PlannedClip* clip = nullptr;
};

std::vector<Heard> heard(const Plan& plan, Interval programme) {
  std::vector<Heard> found;
  for (const auto& track : plan.tracks)
    for (const auto& clip : track.clips)
      if (clip.has_audio && clip.start < programme.to &&
          programme.from < clip.start + clip.playable)
        found.push_back({&track, &clip});
  return found;
}

std::string asked_for(const AudioOptions& audio) {
  if (audio.loudness) return "it is brought to a loudness";
  if (audio.range) return "it is brought to a loudness range";
  if (audio.true_peak) return "it is held under a true peak";
  if (audio.level) return "people are brought up to each other";
  if (audio.bitrate) return "a bitrate is asked for";
  return {};
}

// Every condition on the medium itself.
std::string unsuitable(const AudioInfo& sound, const SoundFormat& format) {
  if (!sound.aac_lc) return "its medium is not in AAC-LC, or has several sounds";
  if (sound.rate != kSampleRate) return "its medium is not at 48 kHz";
  if (sound.channels != format.channels)
    return "its medium has " + std::to_string(sound.channels) +
           (sound.channels == 1 ? " channel" : " channels") + ", the film " +
           std::to_string(format.channels);
  return {};
}

std::string changed(const Heard& sound, Interval programme) {
  const auto& clip = *sound.clip;
  if (clip.start > programme.from || clip.start + clip.playable + kLacking < programme.to)
    return "its clip does not last the whole film";
  if (clip.volume != 1 || clip.pan != 0) return "it has a gain or a pan";
  if (!clip.muted.empty() || !sound.track->gains.empty()) return "it is muted, faded or ducked";
  if (!sound.track->filter.none()) return "it is filtered";
  if (!clip.clock.own()) return "its medium's clock runs off";
  return {};
}

// Before the first packet there is nothing to copy, not even one sample.
bool begins_later(const PlannedClip& clip, const MediaInfo& medium, Interval programme) {
  return sample_at(medium.sound.from) > sample_at(programme.from) + sample_at(clip.in - clip.start);
}

}  // namespace

std::string encoded_because(const Plan& plan, const AudioOptions& audio, const MediaMap& media) {
  if (plan.sound.codec != AudioCodec::aac) return "the film's is not AAC";
  if (auto why = asked_for(audio); !why.empty()) return why;
  const Interval programme{plan.grid.start(plan.frames.first),
                           sample_time(plan, sample_count(plan))};
  const auto sounds = heard(plan, programme);
  if (sounds.size() != 1) return sounds.empty() ? "there is none" : "several clips are heard";
  if (auto why = changed(sounds.front(), programme); !why.empty()) return why;
  const auto medium = media.find(sounds.front().clip->asset);
  if (medium == media.end() || !medium->second.audio) return "its medium is not known";
  if (begins_later(*sounds.front().clip, medium->second, programme))
    return "its medium's sound begins later than its clip";
  return unsuitable(*medium->second.audio, plan.sound);
}

}  // namespace rostrum
