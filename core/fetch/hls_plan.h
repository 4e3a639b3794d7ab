// SPDX-License-Identifier: LGPL-2.1-or-later
// What is fetched of an HLS medium, and how its segments become one file.
#pragma once

#include "core/fetch/hls.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rostrum::hls {

inline constexpr char kRemuxJobEnding[] = ".remux";

// A Piece as it lies in the folder of the remux job.
struct LocalPiece {
  std::string file;
  std::optional<ByteRange> range;
  std::string key_file;  // "" = it is not encrypted
  std::array<std::uint8_t, 16> iv{};

  friend bool operator==(const LocalPiece&, const LocalPiece&) = default;
};

// What one demuxer reads from its beginning to its end.
struct Run {
  std::size_t part = 0;  // its discontinuity sequence number (RFC 8216, 6.2.1)
  Nanoseconds start{0};  // of the part, by the lengths that the playlist declares
  std::vector<LocalPiece> pieces;

  friend bool operator==(const Run&, const Run&) = default;
};

struct RemuxJob {
  std::vector<Run> main;
  std::vector<Run> sound;  // where it is a rendition of its own; empty: it lies in `main`

  friend bool operator==(const RemuxJob&, const RemuxJob&) = default;
};

struct Resource {
  std::string url;
  std::string file;  // a name without folders, the same for the same URL
};

struct FetchedParts {
  std::vector<Resource> resources;  // each URL once, in the order of the segments
  RemuxJob job;
};

// Bytes that several segments share are fetched once, whole, whatever ranges these are.
FetchedParts plan_parts(const MediaPlaylist& main, const MediaPlaylist* sound);

// The job as the text that a worker gets.
std::string remux_job_json(const RemuxJob& job);
std::optional<RemuxJob> parse_remux_job(const std::string& text);

}  // namespace rostrum::hls
