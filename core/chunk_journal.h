// SPDX-License-Identifier: LGPL-2.1-or-later
// The journal of finished chunks: one JSON object per line, appended when its file is durable.
#pragma once

#include "core/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

struct ChunkRecord {
  std::int64_t index = 0;     // from 0; chunks without frames have no file and no record
  std::string file;           // its name, in the journal's folder
  Nanoseconds first_time{0};  // running time of the first frame
  Nanoseconds duration{0};    // from there to the end of the last frame
  std::uint64_t frames = 0;   // video frames; AAC packets when there is no video
  std::uint64_t bytes = 0;    // size of the file

  friend bool operator==(const ChunkRecord&, const ChunkRecord&) = default;
};

// One line, with its line feed.
std::string format_record(const ChunkRecord& record);
// Nothing unless the line (without its line feed) is one whole, sane record.
std::optional<ChunkRecord> parse_record(std::string_view line);

struct Journal {
  std::vector<ChunkRecord> records;  // index strictly increasing
  std::size_t bytes = 0;             // of the text that they were read from
};

// Reads up to the first line that is torn or no record.  A record replaces those of its own and
// later indices before it: the stream had gone back to there.
Journal read_journal(std::string_view text);

}  // namespace rostrum
