// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_sound.h"

#include "core/plan_scenes.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

constexpr std::int64_t kMostRounds = 100'000;

}  // namespace

bool can_loop(const PlannedClip& clip, Nanoseconds medium) {
  const auto round = medium - clip.in;
  return round > 0ns && clip.duration / round < kMostRounds;
}

void PlannedSound::add(PlannedClip clip, const Clip& declared, Nanoseconds medium) {
  clip.volume = from_decibels(options_.gain + declared.sound.gain);
  clip.pan = std::clamp(options_.pan + declared.sound.pan, -1.0, 1.0);
  fade(clip, declared.sound);
  if (!declared.loop || !can_loop(clip, medium)) {
    track_.clips.push_back(std::move(clip));
    return;
  }
  const auto end = clip.end();
  for (auto at = clip.start; at < end; at += medium - clip.in) {
    auto round = clip;
    round.start = at;
    round.duration = round.playable = std::min(medium - clip.in, end - at);
    track_.clips.push_back(std::move(round));
  }
}

void PlannedSound::fade(const PlannedClip& clip, const SoundOptions& declared) {
  if (!clip.has_audio) return;
  const Interval whole{clip.start, clip.start + clip.playable};
  append_fade(fades_, whole, declared.fade_in, declared.fade_out);
  for (const auto& part : subtract(whole, clip.muted))
    append_fade(mutes_, part, part.from > whole.from ? kMuteRamp : 0ns,
                part.to < whole.to ? kMuteRamp : 0ns);
}

void PlannedSound::finish() {
  GainCurve whole;
  if (!track_.clips.empty())
    append_fade(whole, {track_.clips.front().start, track_.clips.back().end()}, options_.fade_in,
                options_.fade_out);
  for (auto* curve : {&mutes_, &fades_, &whole})
    if (!curve->empty()) track_.gains.push_back(std::move(*curve));
}

}  // namespace rostrum
