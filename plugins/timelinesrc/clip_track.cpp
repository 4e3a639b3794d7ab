// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timelinesrc/clip_track.h"

#include "core/plan_sound.h"
#include "core/settle_clocks.h"
#include "engine/probe.h"
#include "engine/track_files.h"

#include <algorithm>

namespace rostrum {

namespace {

// Where a clip ends at the latest: at the next, the job's end or that of what is played.
std::optional<Nanoseconds> limit_of(const TrackFiles& files, std::size_t i,
                                    std::optional<Nanoseconds> stop) {
  if (i + 1 < files.track.clips.size()) return files.track.clips[i + 1].start;
  return files.duration ? files.duration : stop;
}

Result<Nanoseconds> end_of(const TrackFiles& files, std::size_t i, const MediaInfo& info,
                           std::optional<Nanoseconds> stop) {
  const auto& clip = files.track.clips[i];
  if (clip.duration) return clip.start + *clip.duration;
  const auto limit = limit_of(files, i, stop);
  if (info.usable() && !clip.loop) {
    const auto end = clip.start + std::max(info.duration - clip.in, Nanoseconds{0});
    return limit ? std::min(*limit, end) : end;
  }
  if (limit) return *limit;  // unusable: a gap of that length
  return fail(Kind::media, clip.loop ? "the last clip loops without end: set stop"
                                     : "the last clip has no duration, and " + info.path + " " +
                                           info.problem + ": set stop");
}

// The track as it is planned, whatever its media hold.
Result<PlannedTrack> planned_track(const TrackFiles& files, bool pictures,
                                   std::optional<Nanoseconds> stop) {
  PlannedTrack planned{files.track.id, files.track.kind, files.track.person, {}};
  PlannedSound sound{planned, files.track.sound};
  for (std::size_t i = 0; i < files.track.clips.size(); ++i) {
    auto declared = files.track.clips[i];
    MediaInfo info;
    // Only the medium knows the clock of its sound.
    if (!pictures || !declared.duration || declared.loop) {
      info = probe(files.assets.at(declared.asset).path);
      settle_clock(info, files.clocks.at(declared.asset));
    }
    const auto end = end_of(files, i, info, stop);
    if (!end) return tl::unexpected(end.error());
    PlannedClip clip{.asset = declared.asset,
                     .start = declared.start,
                     .in = declared.in,
                     .duration = *end - declared.start,
                     .playable = *end - declared.start,
                     .has_video = true,
                     .has_audio = true,
                     .muted = declared.muted,
                     .hidden = declared.hidden,
                     .clock = info.clock};
    const auto rounds = rounds_of(clip, info.duration);
    declared.loop = declared.loop && rounds && *rounds <= kMostRounds;
    sound.add(std::move(clip), declared, info.duration);
  }
  sound.finish();
  return planned;
}

}  // namespace

Result<TrackClips> clips_of_track(const std::string& manifest, const std::string& track,
                                  bool pictures, std::optional<Nanoseconds> stop) {
  const auto files = read_track(manifest, track);
  if (!files) return tl::unexpected(files.error());
  if (files->track.kind == TrackKind::slides)
    return fail(Kind::usage, "the track \"" + track + "\" of " + manifest +
                                 " is one of slides, which slidesrc shows");
  auto planned = planned_track(*files, pictures, stop);
  if (!planned) return tl::unexpected(planned.error());
  TrackClips found{{}, std::move(planned->gains)};
  for (const auto& part : planned->clips) {
    TimelineClip clip;
    clip.location = files->assets.at(part.asset).path;
    clip.asset = part.asset;
    clip.volume = part.volume;
    clip.pan = part.pan;
    clip.clock = part.clock;
    clip.colors = files->colors.at(part.asset);
    if (files->track.kind == TrackKind::screen) clip.hold = kUntilNext;
    for (const auto& when :
         without({part.start, part.end()}, pictures ? part.hidden : part.muted)) {
      clip.start = when.from;
      clip.in = part.in + (when.from - part.start);
      clip.duration = when.to - when.from;
      found.clips.push_back(clip);
    }
  }
  return found;
}

}  // namespace rostrum
