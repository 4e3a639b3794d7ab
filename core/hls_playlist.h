// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of an HLS media playlist (RFC 8216) that grows by chunks.
#pragma once

#include "core/timeline.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rostrum {

struct HlsSegment {
  std::string uri;  // as it stands in the playlist, see segment_uri()
  Nanoseconds duration{0};
  Nanoseconds origin{0};          // the time of the programme at which its timestamps are 0
  std::uint64_t init_bytes = 0;   // fragmented MP4: its movie box, and what precedes it
  std::uint64_t media_bytes = 0;  // and its fragments, the rest of the file
};

// `longest` is what segments will last at most, as far as that is known: the target duration should
// not change while the playlist grows.
std::string format_playlist(const std::vector<HlsSegment>& segments, Nanoseconds longest,
                            bool ended);

// A reference from a playlist in `folder` to `file`: both absolute and without links.
std::string segment_uri(const std::string& file, const std::string& folder);

}  // namespace rostrum
