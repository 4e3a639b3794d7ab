// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/otio_picture.h"

#include "core/intervals.h"
#include "core/manifest_tracks.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rostrum::otio {

namespace {

constexpr std::size_t kMostPieces = 100'000;  // of what is covered

const Json* kept_track(const Track& track) {
  return track.ours ? member(*track.ours, "track") : nullptr;
}

std::string sound_of(const Track& track) {
  return track.ours ? text_of(*track.ours, "sound-of", kIdBytes) : std::string{};
}

Json pair(Interval when) { return Json::array({to_seconds(when.from), to_seconds(when.to)}); }

}  // namespace

PictureSound::PictureSound(const Timeline& timeline)
    : timeline_{timeline},
      exported_{timeline.ours && member(*timeline.ours, "job")},
      has_sound_{std::any_of(timeline.tracks.begin(), timeline.tracks.end(),
                             [](const Track& track) { return !track.video; })} {
  for (const auto& track : timeline.tracks) {
    if (!track.video) continue;
    if (const auto* kept = kept_track(track))
      pictures_.emplace(text_of(*kept, "id", kIdBytes), &track);
    for (const auto& clip : track.clips) seen_.insert(&clip);
  }
  for (const auto& track : timeline.tracks)
    if (!track.video) pair_sound(track);
  if (!exported_) find_covered();
}

const Json* PictureSound::track_of(const Track& track) const {
  const auto parent = pictures_.find(sound_of(track));
  return track.video || parent == pictures_.end() ? nullptr : kept_track(*parent->second);
}

void PictureSound::pair_sound(const Track& sound) {
  const auto parent = pictures_.find(sound_of(sound));
  if (parent == pictures_.end()) return;
  const auto& pictures = parent->second->clips;
  auto from = pictures.begin();  // both are in order
  for (const auto& clip : sound.clips) {
    const auto same = std::find_if(from, pictures.end(),
                                   [&](const Clip& picture) { return picture.same_piece(clip); });
    if (same == pictures.end()) continue;
    taken_.insert(&clip);
    heard_.insert(&*same);
    from = same + 1;
  }
}

// From the top down: what has been passed covers what comes.
void PictureSound::find_covered() {
  std::vector<Interval> above;
  std::size_t pieces = 0;
  for (auto track = timeline_.tracks.rbegin(); track != timeline_.tracks.rend(); ++track) {
    if (!track->video) continue;
    std::vector<Interval> own;
    for (const auto& clip : track->clips) {
      const Interval when{timeline_.time(clip.start),
                          clip.duration ? timeline_.time(clip.end()) : Nanoseconds::max()};
      own.push_back(when);
      auto cover = std::upper_bound(above.begin(), above.end(), when.from,
                                    [](Nanoseconds t, const Interval& i) { return t < i.to; });
      for (; cover != above.end() && cover->from < when.to && pieces < kMostPieces; ++cover) {
        covered_[&clip].push_back({std::max(cover->from, when.from), std::min(cover->to, when.to)});
        ++pieces;
      }
    }
    own.insert(own.end(), above.begin(), above.end());
    above = merged(std::move(own));
  }
}

void PictureSound::limit(const Clip& clip, Interval when, Json& json) const {
  if (!seen_.contains(&clip)) return;
  const auto* sound = clip.ours ? member(*clip.ours, "sound") : nullptr;
  const bool silent = sound && *sound == false;  // its medium has none
  const bool ours = clip.ours && member(*clip.ours, "clip");
  if (!silent && (has_sound_ || ours) && !heard_.contains(&clip))
    json["muted"] = Json::array({pair(when)});
  const auto covered = covered_.find(&clip);
  if (covered == covered_.end()) return;
  auto& hidden = json["hidden"] = Json::array();
  constexpr Nanoseconds kLatest = std::chrono::hours{kLongestHours};
  for (const auto& part : covered->second)
    if (part.from < kLatest) hidden.push_back(pair({part.from, std::min(part.to, kLatest)}));
}

}  // namespace rostrum::otio
