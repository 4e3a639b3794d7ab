// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/track_files.h"
#include "slidesrc/slide.h"

namespace rostrum {

namespace {

// Where a clip without a duration ends: at the next clip, the job's end or the programme's.
std::optional<Nanoseconds> end_of(const Track& track, std::size_t i,
                                  std::optional<Nanoseconds> duration,
                                  std::optional<Nanoseconds> stop) {
  const auto& clip = track.clips[i];
  if (clip.duration) return clip.start + *clip.duration;
  if (i + 1 < track.clips.size()) return track.clips[i + 1].start;
  return duration ? duration : stop;
}

}  // namespace

Result<std::vector<Slide>> slides_of_track(const std::string& location, const std::string& id,
                                           std::optional<Nanoseconds> stop) {
  const auto files = read_track(location, id);
  if (!files) return tl::unexpected(files.error());
  const auto& track = files->track;
  if (track.kind != TrackKind::slides)
    return fail(Kind::usage, "the track \"" + id + "\" of " + location + " is not one of slides");
  std::vector<Slide> slides;
  for (std::size_t i = 0; i < track.clips.size(); ++i) {
    const auto& clip = track.clips[i];
    const auto end = end_of(track, i, files->duration, stop);
    if (!end) return fail(Kind::usage, "the last slide has no duration, nor has the job: set stop");
    Slide slide{
        .location = files->assets.at(clip.asset).path, .asset = clip.asset, .page = clip.page};
    for (const auto& when : without({clip.start, *end}, clip.hidden)) {
      slide.when = when;
      slides.push_back(slide);
    }
  }
  return slides;
}

}  // namespace rostrum
