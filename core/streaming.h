// SPDX-License-Identifier: LGPL-2.1-or-later
// Playlists of a film whose picture and sound lie in a fragmented MP4 each, for players that fetch
// parts of them: HLS (RFC 8216) and DASH (ISO/IEC 23009-1).
#pragma once

#include "core/layout.h"
#include "core/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

enum class StreamKind { hls, dash };

// Of a playlist, by the ending of its name: .m3u8 (HLS), .mpd (DASH).
std::optional<StreamKind> stream_kind(std::string_view path);

struct StreamSegment {
  std::uint64_t bytes = 0;
  Nanoseconds duration{0};
};

// One file: its head, its index, then its segments.
struct StreamFile {
  std::string uri;       // from the playlist, percent-encoded
  std::string playlist;  // that of the HLS playlist with its segments, likewise
  std::string codecs;    // RFC 6381
  std::uint64_t head = 0;
  std::uint64_t index = 0;
  std::vector<StreamSegment> segments;
};

struct StreamPicture {
  StreamFile file;
  Size size;
};

struct StreamedFilm {
  // The film's first, then its renditions: segments of all are as long and begin with a key frame.
  std::vector<StreamPicture> pictures;
  std::optional<StreamFile> sound;
  Fraction rate;
  int sound_rate = 48000;
  int channels = 2;
  Nanoseconds duration{0};
};

// The segments of one file, by byte ranges (RFC 8216, 4.3.2.2 and 4.3.2.5).
std::string hls_segments(const StreamFile& file);
// What a player opens: each picture with the sound as its rendition, or the sound alone.
std::string hls_playlist(const StreamedFilm& film);
// One period of a representation of each, found by its 'sidx' (the profile "on demand"); those of
// the picture are one set, among which a player changes from segment to segment.
std::string dash_manifest(const StreamedFilm& film);

}  // namespace rostrum
