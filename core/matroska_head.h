// SPDX-License-Identifier: LGPL-2.1-or-later
// What stands in a Matroska file before its clusters.
#pragma once

#include "core/matroska.h"
#include "core/mp4_movie.h"
#include "core/sample_entry.h"

#include <optional>

namespace rostrum::matroska {

// A track of the film.
struct Track {
  mp4::Track header;
  mp4::SampleEntry entry;
  std::vector<mp4::Sample> samples;
  std::int64_t skipped = 0;   // by the edit list: delay of pictures, priming of sound
  std::int64_t length = 0;    // after that, in its time scale
  std::uint32_t lasting = 0;  // each of its samples, in its time scale; 0 = differently long
  std::string codec = {};     // as the file names it
  Bytes private_data = {};    // what its decoder needs

  bool sound() const { return header.handler == mp4::fourcc("soun"); }
};

inline constexpr std::uint64_t kPictureNumber = 1;
inline constexpr std::uint64_t kSoundNumber = 2;

// Codec and private data of an entry; `skipped` samples of Opus come before the sound.  Nothing for
// what this program does not write.
struct Coding {
  std::string codec;
  Bytes private_data;
};
std::optional<Coding> coding_of(const mp4::SampleEntry& entry, std::int64_t skipped);

// A place that players can begin at.
struct Cue {
  std::int64_t time = 0;
  std::size_t cluster = 0;
};

// The file's beginning, and sets `size` of the film.  Its clusters are known.
Bytes write_head(const std::vector<Track>& tracks, const Description& about, double duration,
                 const std::vector<Cue>& cues, Film& film);

}  // namespace rostrum::matroska
