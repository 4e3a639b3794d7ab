// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/promises.h"

#include "core/intervals.h"
#include "core/silent_clips.h"

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

bool shows(const Clip& clip, const MediaInfo& info) {
  const Interval whole{clip.start, clip.start + clip.duration.value_or(info.duration)};
  return !difference({whole}, merged(clip.hidden)).empty();
}

std::set<std::string> with_picture(const Manifest& job, const MediaMap& media) {
  std::set<std::string> found;
  for (const auto& track : job.tracks) {
    if (track.kind != TrackKind::camera && track.kind != TrackKind::screen) continue;
    for (const auto& clip : track.clips)
      if (const auto info = media.find(clip.asset);
          info != media.end() && shows(clip, info->second))
        found.insert(clip.asset);
  }
  return found;
}

}  // namespace

Manifest job_to_look_at(const Manifest& job, const std::map<std::string, std::string>& files) {
  Manifest part;
  part.duration = job.duration;
  part.layout.policy = Policy::grid;  // whoever speaks: nobody has to be listened to for that
  part.people = job.people;
  for (auto& person : part.people) person.talking = {{0ns, std::chrono::hours{kLongestHours}}};
  std::set<std::string> played;
  for (auto track : job.tracks) {
    if (track.kind == TrackKind::slides) continue;
    track.fallback.clear();
    std::erase_if(track.clips, [&](const Clip& clip) { return !files.contains(clip.asset); });
    for (auto& clip : track.clips) {
      clip.fallback.clear();
      played.insert(clip.asset);
    }
    if (!track.clips.empty()) part.tracks.push_back(std::move(track));
  }
  for (const auto& id : played)
    if (const auto* asset = job.asset(id))
      part.assets.push_back({id, files.find(id)->second, {}, {}, asset->clock});
  return part;
}

std::map<std::string, std::string> broken_promises(const Manifest& job, const MediaMap& media) {
  std::map<std::string, std::string> broken;
  const auto pictures = with_picture(job, media);
  const auto sounds = expected_sound(job, media);
  for (const auto& [id, info] : media) {
    if (!info.usable())
      broken[id] = "it cannot be used: " + info.problem;
    else if (pictures.contains(id) && !info.video)
      broken[id] = "it has no picture";
    else if (sounds.contains(id) && !info.audio)
      broken[id] = "it has no sound";
    else if (sounds.contains(id) && info.silent)
      broken[id] = "its sound is digital silence";
  }
  return broken;
}

}  // namespace rostrum
