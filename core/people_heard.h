// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is heard when, for what is drawn of people without a camera.
#pragma once

#include "core/plan.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace rostrum {

// A stretch of a clip during which its person's voice is heard.
struct HeardClip {
  std::string person;  // id
  std::size_t track = 0;
  std::size_t clip = 0;
  FrameRange frames;

  friend bool operator==(const HeardClip&, const HeardClip&) = default;
};

// The unmuted stretches of all clips with sound on the cameras and microphones of people, in the
// order of the tracks, within `frames`.
std::vector<HeardClip> heard_people(const std::vector<PlannedTrack>& tracks, const FrameGrid& grid,
                                    FrameRange frames);

// Those during which the person is not seen by a camera: at most one at a time for each person,
// that of the first track.
std::vector<HeardClip> heard_unseen(const std::vector<PlannedTrack>& tracks, const FrameGrid& grid,
                                    FrameRange frames);

// Who is heard, from frame to frame.
class HeardSweep {
 public:
  // `person` is a number of the caller's.  All are added before the first go_to().
  void add(std::size_t person, FrameRange frames);
  // To a frame not before the last one.
  void go_to(std::int64_t frame);
  // By their numbers, with how many of their voices are heard.
  const std::map<std::size_t, std::size_t>& heard() const { return heard_; }
  // The next frame at which that may change; the largest number for never.
  std::int64_t next_change() const;

 private:
  struct Edge {
    std::int64_t frame;
    std::size_t person;
    bool begins;
  };

  std::vector<Edge> edges_;
  bool sorted_ = false;
  std::size_t next_ = 0;  // of edges_
  std::map<std::size_t, std::size_t> heard_;
};

}  // namespace rostrum
