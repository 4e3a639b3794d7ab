// SPDX-License-Identifier: LGPL-2.1-or-later
// The boxes around the samples of a movie of one track.
#pragma once

#include "core/layout.h"
#include "core/mp4_box.h"

#include <cstdint>
#include <functional>

namespace rostrum::mp4 {

// What is said of the only track of a movie; times in its time scale, which is the movie's, too.
struct SoleTrack {
  bool sound = false;
  std::uint32_t timescale = 0;
  std::uint64_t length = 0;
  std::uint64_t skipped = 0;  // before what is presented begins
  Size size = {};             // of pictures
};

// The body of the movie box; `samples` writes what is in the sample table.
Bytes sole_movie(const SoleTrack& track, const std::function<void(Writer&)>& samples);

}  // namespace rostrum::mp4
