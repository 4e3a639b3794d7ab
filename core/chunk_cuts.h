// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a stream is cut into chunks, and what the chunks' files are called.
#pragma once

#include "core/result.h"
#include "core/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// A file name with one printf-style number: "out-%05d.mp4".
class ChunkPattern {
 public:
  // Accepts exactly one %d or %0Nd (N from 1 to 9), in the file name and not in its folder; "%%"
  // is a percent sign.  Fails with Kind::usage and a sentence about what is wrong.
  static Result<ChunkPattern> parse(std::string_view text);

  std::string path(std::int64_t index) const;  // with the folder, as given
  std::string name(std::int64_t index) const;  // without it
  // The name that a file has while it is written: hidden, beside the target.
  std::string temporary_path(std::int64_t index) const {
    return folder_ + '.' + name(index) + ".part";
  }
  // Of the folder, with the last '/'; "" for the current one.
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  std::string before_;
  std::string after_;
  std::size_t width_ = 0;
};

// Chunk k holds [start(k), start(k + 1)): either every `length`, or at given times.
class ChunkCuts {
 public:
  ChunkCuts() = default;  // one chunk that holds everything
  // length > 0.
  static ChunkCuts every(Nanoseconds length);
  // Times must be strictly increasing and not negative (Kind::usage otherwise); a leading 0 says
  // nothing, for the first chunk begins with the stream.
  static Result<ChunkCuts> at(std::vector<Nanoseconds> times);

  // The chunk that holds t; 0 for times before the first cut.
  std::int64_t index_of(Nanoseconds t) const;
  // The time of the cut before chunk k, k >= 1; nothing when there is no such chunk.
  std::optional<Nanoseconds> start(std::int64_t k) const;
  // Of the chunks that end with a cut; 0 when there is no cut.
  Nanoseconds longest() const;

 private:
  Nanoseconds length_{0};
  std::vector<Nanoseconds> times_;
};

// What becomes of a frame (or packet) that belongs, by its time, to chunk `index`, when the stream
// is in chunk `current` (-1: it has not begun) and chunks before `first` are already whole.
enum class Admission {
  append,        // into the current chunk
  cut,           // it opens a new chunk
  skip,          // its chunk is already there
  no_key_frame,  // it would open a chunk, but cannot be decoded on its own
  out_of_order,  // it belongs to a chunk that the stream has left: an open GOP
};
struct Arrival {
  std::int64_t index = 0;
  std::int64_t current = -1;
  std::int64_t first = 0;
  bool key = true;
};
Admission admit(const Arrival& arrival);

}  // namespace rostrum
