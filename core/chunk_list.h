// SPDX-License-Identifier: LGPL-2.1-or-later
// What the film of a render is made of, as its work directory names it for whoever watches it: the
// chunks of picture and the units of sound.
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

struct ListedSound {
  std::string key;
  std::int64_t skip = 0;   // packets of its file that come before those of the film
  std::int64_t keep = -1;  // that are the film's; -1 = all that follow

  friend bool operator==(const ListedSound&, const ListedSound&) = default;
};

struct SoundList {
  std::int64_t packet = 1024;  // samples of each, at 48 kHz
  std::int64_t priming = 0;    // samples before the sound begins
  std::vector<ListedSound> units;

  friend bool operator==(const SoundList&, const SoundList&) = default;
};

struct ChunkList {
  std::string job;  // digest of what is rendered
  std::vector<ListedChunk> chunks;
  Fraction rate = {};
  SoundList sound = {};

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
