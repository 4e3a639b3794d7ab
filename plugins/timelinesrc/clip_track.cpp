// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timelinesrc/clip_track.h"

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

Result<Nanoseconds> end_of(const TrackFiles& files, std::size_t i,
                           std::optional<Nanoseconds> stop) {
  const auto& clip = files.track.clips[i];
  if (clip.duration) return clip.start + *clip.duration;
  const auto limit = limit_of(files, i, stop);
  const auto info = probe(files.assets.at(clip.asset).path);
  if (info.usable()) {
    const auto end = clip.start + std::max(info.duration - clip.in, Nanoseconds{0});
    return limit ? std::min(*limit, end) : end;
  }
  if (limit) return *limit;  // a gap of that length
  return fail(Kind::media, "the last clip has no duration, and " + info.path + " " + info.problem +
                               ": set stop");
}

}  // namespace

Result<std::vector<TimelineClip>> clips_of_track(const std::string& manifest,
                                                 const std::string& track, bool pictures,
                                                 std::optional<Nanoseconds> stop) {
  const auto files = read_track(manifest, track);
  if (!files) return tl::unexpected(files.error());
  if (files->track.kind == TrackKind::slides)
    return fail(Kind::usage, "the track \"" + track + "\" of " + manifest +
                                 " is one of slides, which slidesrc shows");
  std::vector<TimelineClip> clips;
  for (std::size_t i = 0; i < files->track.clips.size(); ++i) {
    const auto& declared = files->track.clips[i];
    const auto end = end_of(*files, i, stop);
    if (!end) return tl::unexpected(end.error());
    TimelineClip clip;
    clip.location = files->assets.at(declared.asset).path;
    clip.asset = declared.asset;
    if (files->track.kind == TrackKind::screen) clip.hold = kUntilNext;
    for (const auto& when :
         without({declared.start, *end}, pictures ? declared.hidden : declared.muted)) {
      clip.start = when.from;
      clip.in = declared.in + (when.from - declared.start);
      clip.duration = when.to - when.from;
      clips.push_back(clip);
    }
  }
  return clips;
}

}  // namespace rostrum
