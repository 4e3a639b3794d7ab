// SPDX-License-Identifier: LGPL-2.1-or-later
// The HLS playlist of a run's whole chunks.
#pragma once

#include "core/chunk_cuts.h"
#include "core/chunk_journal.h"
#include "core/hls_playlist.h"
#include "core/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rostrum {

class ChunkPlaylist {
 public:
  struct Setup {
    std::string path;
    ChunkPattern pattern;
    Nanoseconds longest{0};   // see format_playlist()
    bool fragmented = false;  // the chunks are fragmented MP4, else MPEG transport streams
    bool sync = true;         // on the medium, before it is announced
  };
  // Lists the chunks that were kept from an earlier run; without any, an earlier playlist
  // disappears.  Fails with Kind::usage and a sentence.
  static Result<ChunkPlaylist> open(Setup setup, const std::vector<ChunkRecord>& kept);

  // Replaces it by one that lists this chunk, too; the chunk and later ones may be there already.
  Result<void> add(const ChunkRecord& record);
  // Nothing comes any more.
  Result<void> end();

 private:
  Result<void> insert(const ChunkRecord& record);
  Result<void> write(bool ended) const;

  Setup setup_;
  std::string folder_;                           // absolute, of the playlist
  std::string chunks_;                           // absolute, of the chunks
  std::map<std::int64_t, HlsSegment> segments_;  // by the chunk's index
};

}  // namespace rostrum
