// SPDX-License-Identifier: LGPL-2.1-or-later
// What a film's file says of itself, read without GStreamer: MP4, with an index or in fragments,
// and Matroska.
#pragma once

#include "core/mp4_movie.h"
#include "core/plan.h"
#include "core/result.h"
#include "engine/file.h"

#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct FilmIndex {
  bool matroska = false;
  bool fragmented = false;
  bool first = false;       // it can be played while it arrives
  Nanoseconds duration{0};  // of the longest track
  Nanoseconds declared{0};  // by the header
  std::vector<Chapter> chapters;
  bool chapters_agree = true;          // the two ways they are written in
  std::vector<Nanoseconds> entrances;  // frames that decoding can begin with, in order; or none
  std::optional<Fraction> rate;        // of the grid of its frames
  bool uneven = false;                 // they last differently long
  Nanoseconds frame{0};                // how long each lasts, rounded; 0 = see `rate`
  // Of the sound: where it begins in the film, and where that is in its own time.
  Nanoseconds sound_from{0};
  Nanoseconds sound_skipped{0};
  std::vector<mp4::Edit> sound_edits = {};
  std::uint32_t sound_timescale = 0;
  std::uint32_t movie_timescale = 0;

  // Where the sound's own time has the film's beginning.
  Nanoseconds sound_origin() const;
  // What is played of samples [first, end) by the edit list.
  std::int64_t played_samples(int rate, std::int64_t first, std::int64_t end) const;
};

// Kind::media when it is none of them, or damaged.
Result<FilmIndex> read_film_index(const File& file, const std::string& path);

}  // namespace rostrum
