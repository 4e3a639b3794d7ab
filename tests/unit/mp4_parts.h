// SPDX-License-Identifier: LGPL-2.1-or-later
// Movie boxes of files that are to be joined.
#pragma once

#include "core/mp4_box.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum::mp4 {

// One track of a part, as a muxer would describe it.
struct Part {
  bool sound = false;
  std::uint32_t timescale = 2500;
  std::uint32_t duration = 100;  // of each sample
  std::vector<std::uint32_t> sizes;
  std::vector<std::int32_t> compositions;  // empty = no 'ctts'
  std::vector<std::uint32_t> sync;         // numbers from 1; empty = no 'stss'
  std::int64_t media_time = 0;             // of the edit list
  std::uint64_t offset = 48;               // of the first sample
  std::uint32_t per_chunk = 4;
  std::string description = "avc1 of the first kind";
  std::uint32_t bitrate = 1000;  // in 'btrt' or 'esds'
};

Part picture(std::size_t frames);
Part sound(std::size_t packets);
// The body of the part's movie box.
Bytes movie_of(const Part& part);

}  // namespace rostrum::mp4
