// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of a film is finished while the rest of it renders.  Times are the film's own, from 0.
#pragma once

#include "core/chunk_list.h"
#include "core/mp4_box.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rostrum {

class FinishedFilm {
 public:
  FinishedFilm() = default;
  // `done`: the keys of what is finished.  A chunk is, when all sound is that is heard with it.
  FinishedFilm(const ChunkList& list, const std::set<std::string>& done);

  // All that there is to be.
  Nanoseconds length() const { return chunks_.empty() ? Nanoseconds{0} : chunks_.back().when.to; }
  std::size_t chunks() const { return chunks_.size(); }
  // [from, to) of a chunk.
  Interval when(std::size_t chunk) const { return chunks_[chunk].when; }
  bool has(std::size_t chunk) const { return chunks_[chunk].finished; }
  // The chunk that is shown at t; the first before the film and the last behind it.  Not of a film
  // without chunks.
  std::size_t chunk_at(Nanoseconds t) const;
  bool has(Nanoseconds t) const { return !chunks_.empty() && has(chunk_at(t)); }

  // Where somebody who watches from t on comes to what is not finished, or to the film's end; t
  // where it is not finished there already.
  Nanoseconds end_of_run(Nanoseconds t) const;
  // t, or what is nearest to it of all that is finished: the beginning of a chunk, or the last
  // frame of one.  Nothing while nothing is.
  std::optional<Nanoseconds> nearest(Nanoseconds t) const;

 private:
  struct Chunk {
    Interval when;
    Nanoseconds last_frame{0};
    bool finished = false;
  };
  std::vector<Chunk> chunks_;
};

// When the first packets of the units of sound begin, by the film's time (below 0 while the decoder
// is primed), and the last one ends.  A unit whose number of packets is not known lasts for ever.
std::vector<Interval> times_of(const SoundList& sound);

// What would have been listed of a film that is whole, as one chunk and one unit.  `moov` is the
// body of its movie box; nothing where that is none of this program's films.
std::optional<ChunkList> list_of_film(mp4::View moov);

}  // namespace rostrum
