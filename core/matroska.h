// SPDX-License-Identifier: LGPL-2.1-or-later
// The index of a finished film -> the same film in Matroska (RFC 9559) or WebM, whose samples are
// runs of bytes of the film's file.
#pragma once

#include "core/mp4_box.h"
#include "core/plan.h"
#include "core/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum::matroska {

using mp4::Bytes;
using mp4::View;

// A packet.  Times are milliseconds, as usual in these files.
struct Block {
  std::uint64_t offset = 0;  // in the film's file
  std::uint32_t size = 0;
  bool sound = false;
  bool key = true;
  std::int64_t time = 0;       // when it is shown; of sound, with the encoder's priming
  std::int64_t duration = 0;   // 0 = as all of its track, or to the next
  std::int64_t reference = 0;  // where one that it needs is shown, from its own time on
  Nanoseconds discarded{0};    // sound at its end that is none of the film
};

struct Cluster {
  std::int64_t time = 0;
  std::size_t first = 0;  // of its blocks
  std::size_t end = 0;
  std::uint64_t size = 0;  // of its blocks
};

struct Film {
  Bytes head;  // all before the first cluster: what there is, and where
  std::vector<Block> blocks;
  std::vector<Cluster> clusters;
  std::uint64_t size = 0;  // of the whole file
};

struct Description {
  bool webm = false;
  std::string title = {};
  std::vector<Chapter> chapters = {};  // in order, the first at 0
};

// `moov` is the body of the box of a film that this program has joined.  Kind::media when it is
// damaged, fragmented, or has what the container cannot hold.
Result<Film> remux(View moov, const Description& about);

// What is written before a cluster's blocks, and before and behind a block's bytes.
Bytes cluster_head(const Cluster& cluster);
Bytes block_head(const Block& block, const Cluster& cluster);
Bytes block_tail(const Block& block);

}  // namespace rostrum::matroska
