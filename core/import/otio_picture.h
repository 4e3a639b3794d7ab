// SPDX-License-Identifier: LGPL-2.1-or-later
// What of the clips on video tracks is seen and heard.  In a timeline pictures cover those of the
// tracks below, and sound is on tracks of its own; in a job a clip has both.  Internal to the
// importer.
#pragma once

#include "core/import/otio_timeline.h"
#include "core/json_text.h"

#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace rostrum::otio {

class PictureSound {
 public:
  explicit PictureSound(const Timeline& timeline);

  // Whether the clip on a track of sound is that of a clip on an exported track of pictures.
  bool is_taken(const Clip& clip) const { return taken_.contains(&clip); }
  // What an export kept of the track of pictures whose sound this track was; nullptr: none.
  const Json* track_of(const Track& track) const;
  // Says in the job's clip when it is not heard, or not seen; `when`: its times in the job.
  void limit(const Clip& clip, Interval when, Json& json) const;

 private:
  void pair_sound(const Track& sound);
  void find_covered();

  const Timeline& timeline_;
  bool exported_;                                           // by us, whose layouts say who is seen
  bool has_sound_;                                          // on tracks of its own
  std::unordered_map<std::string, const Track*> pictures_;  // exported ones, by id
  std::unordered_set<const Clip*> taken_;
  std::unordered_set<const Clip*> heard_;
  std::unordered_set<const Clip*> seen_;  // on video tracks
  std::unordered_map<const Clip*, std::vector<Interval>> covered_;
};

}  // namespace rostrum::otio
