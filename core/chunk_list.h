// SPDX-License-Identifier: LGPL-2.1-or-later
// The chunks of picture of a render, as its work directory names them for whoever watches it.
#pragma once

#include "core/timeline.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

struct ListedChunk {
  FrameRange frames;
  std::string key;  // its file's name without the ending

  friend bool operator==(const ListedChunk&, const ListedChunk&) = default;
};

struct ChunkList {
  std::string job;  // digest of what is rendered
  std::vector<ListedChunk> chunks;

  friend bool operator==(const ChunkList&, const ChunkList&) = default;
};

std::string chunk_list_json(const ChunkList& list);
// Nothing is in it where the text is none.
ChunkList parse_chunk_list(std::string_view json);

enum class ChunkState { waiting, working, done };
const char* name_of(ChunkState state);

// Of the chunks that another cut makes: each by the listed one that holds its middle.
std::vector<ChunkState> chunk_states(const std::vector<FrameRange>& chunks, const ChunkList& list,
                                     const std::set<std::string>& done,
                                     const std::set<std::string>& working);

}  // namespace rostrum
