// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/settle_clocks.h"

#include "core/findings.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace rostrum {

namespace {

constexpr Nanoseconds kLeastLength{
    60s};  // of a medium: in a shorter one nothing can be heard of it
constexpr Nanoseconds kSameStart{100ms};
constexpr Nanoseconds kEndsTogether{1s};  // recorders stop their streams within it

bool is_off(std::int64_t off) { return std::abs(off) >= kLeastOff && std::abs(off) <= kMostOff; }

// The packets' times against the samples in them.
bool by_times(MediaInfo& info) {
  const auto off = SoundClock::off_of(info.pace);
  if (!is_off(off)) return false;
  info.clock = {.off = off, .times_right = true};
  info.clock_why = "the times of its packets say so";
  return true;
}

// Sound and picture that began together and ended together, by the recorder's one clock.  Where the
// container has times of its own, those say when the sound ended.
void by_length(MediaInfo& info) {
  const auto picture = info.picture.to;
  const auto sound = info.sound.to;
  if (!info.steady_picture || !info.counted_times || picture < kLeastLength) return;
  if (std::chrono::abs(info.picture.from - info.sound.from) > kSameStart) return;
  if (std::chrono::abs(sound - picture) <= kEndsTogether) return;
  const auto off = SoundClock::off_of(to_seconds(sound) / to_seconds(picture));
  if (!is_off(off)) return;
  info.clock.off = off;
  info.clock_why = "it ends at " + format_time(sound) + ", the picture of the same file at " +
                   format_time(picture);
}

// Does the log say that what ends earlier was switched off there?
bool switched_off(const Manifest& manifest, const std::string& asset, const MediaInfo& info) {
  const auto between = (info.sound.to + info.picture.to) / 2;
  for (const auto& track : manifest.tracks)
    for (const auto& clip : track.clips) {
      if (clip.asset != asset) continue;
      const auto at = clip.start + between - clip.in;
      const auto& off = info.sound.to < info.picture.to ? clip.muted : clip.hidden;
      if (std::any_of(off.begin(), off.end(), [at](const Interval& i) { return i.contains(at); }))
        return true;
    }
  return false;
}

}  // namespace

void settle_clock(MediaInfo& info, const std::optional<double>& declared) {
  if (!info.usable() || !info.audio) return;
  if (declared) {
    info.clock.off = SoundClock::off_of(*declared);
    info.clock.times_right = std::abs(info.pace - *declared) < std::abs(info.pace - 1);
  } else if (!by_times(info)) {
    by_length(info);
  }
  if (info.clock.own()) info.clock = {};
  if (info.clock.own() || info.clock.times_right || info.sound.empty()) return;
  info.duration = std::max(info.picture.to, info.clock.medium_time(info.sound.to));
}

void settle_clock(const Manifest& manifest, const Asset& asset, MediaInfo& info) {
  if (switched_off(manifest, asset.id, info)) info.counted_times = false;
  settle_clock(info, asset.clock);
}

void settle_clocks(const Manifest& manifest, MediaMap& media) {
  for (const auto& asset : manifest.assets)
    if (const auto found = media.find(asset.id); found != media.end())
      settle_clock(manifest, asset, found->second);
}

std::string clock_warning(const std::string& asset, const MediaInfo& info) {
  return pointer_to("/assets", asset) + ": the clock of its sound runs off by " +
         format_off(info.clock.off) + ": " + info.clock_why +
         "; it is resampled, unless \"clock\" is \"own\"";
}

}  // namespace rostrum
