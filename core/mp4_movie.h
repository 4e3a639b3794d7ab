// SPDX-License-Identifier: LGPL-2.1-or-later
// What a movie box ('moov') says: tracks, their length, edits and samples.
#pragma once

#include "core/mp4_box.h"
#include "core/result.h"

#include <vector>

namespace rostrum::mp4 {

// One entry of an edit list (ISO/IEC 14496-12, 8.6.6).
struct Edit {
  std::uint64_t duration = 0;    // movie time scale
  std::int64_t media_time = 0;   // media time scale; -1: nothing is presented
  std::uint32_t rate = 0x10000;  // 16.16

  friend bool operator==(const Edit&, const Edit&) = default;
};

struct Track {
  std::uint32_t id = 0;
  FourCc handler = 0;            // 'vide', 'soun', 'text', ...
  std::uint32_t timescale = 0;   // of the media, positive
  std::uint64_t duration = 0;    // sum of all sample durations, media time scale
  std::uint64_t last_start = 0;  // decode time of the last sample, media time scale
  std::uint32_t tick = 0;        // every sample duration is a multiple of it; 0 = no samples
  std::uint64_t samples = 0;
  std::vector<Edit> edits;
  std::vector<std::uint32_t> chapters;  // ids of the tracks that hold this one's chapters
  std::uint64_t first_offset = 0;       // smallest and largest chunk offset in the file
  std::uint64_t last_offset = 0;
};

struct Movie {
  std::uint32_t timescale = 0;  // positive
  std::uint64_t duration = 0;
  std::uint32_t next_track_id = 0;
  bool fragmented = false;
  std::vector<Track> tracks;
};

// The version byte of a full box; 0 when the body is empty.
int version_of(View full_box);

// Kind::media when a box is broken or missing, or a time is absurd (beyond 1000 h).  `moov` is the
// body of the box.
Result<Movie> read_movie(View moov);

// A sample's place in the file and on its track's own time axis (media time scale).
struct Sample {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint64_t start = 0;
  std::uint32_t duration = 0;
  std::int32_t composition = 0;  // presentation minus decoding time
  bool sync = true;
};

// The samples of the track with this id; nothing when its tables contradict each other or it has
// more than `limit`.
std::optional<std::vector<Sample>> samples_of(View moov, std::uint32_t track, std::size_t limit);

}  // namespace rostrum::mp4
