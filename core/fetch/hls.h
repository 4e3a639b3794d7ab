// SPDX-License-Identifier: LGPL-2.1-or-later
// What HLS playlists say (RFC 8216), as far as a finished recording needs it.  Section numbers are
// those of the RFC.
#pragma once

#include "core/fetch/url.h"
#include "core/layout.h"
#include "core/timeline.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

namespace rostrum::hls {

inline constexpr std::size_t kLargestPlaylist = std::size_t{16} << 20;  // bytes of text
inline constexpr std::size_t kMostSegments = 100'000;
inline constexpr std::size_t kMostParts = 1000;  // stretches without a discontinuity
inline constexpr std::size_t kMostVariants = 1000;

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// AES-128-CBC with the padding of PKCS7 (5.2).
struct Key {
  Url url;
  std::array<std::uint8_t, 16> iv{};

  friend bool operator==(const Key&, const Key&) = default;
};

// Bytes somewhere: a segment, or what has to be read before it (4.3.2.5).
struct Piece {
  Url url;
  std::optional<ByteRange> range;  // nothing: all of it
  std::optional<Key> key;

  friend bool operator==(const Piece&, const Piece&) = default;
};

struct Segment {
  Piece piece;
  Nanoseconds duration{0};
  std::optional<std::size_t> map;  // index into MediaPlaylist::maps
  std::size_t part = 0;            // how many discontinuities are before it
  bool gap = false;                // nothing lies there (EXT-X-GAP)
};

struct MediaPlaylist {
  std::vector<Piece> maps;
  std::vector<Segment> segments;
};

struct Variant {
  Url url;
  std::uint64_t bandwidth = 0;
  Size size;          // 0x0: not said
  std::string audio;  // the group of its sound; "" = in its own segments
};

// One language of the sound (4.3.4.1).
struct Rendition {
  std::string group;
  std::optional<Url> url;  // nothing: it lies in the variant's segments
  bool preferred = false;
};

struct MasterPlaylist {
  std::vector<Variant> variants;
  std::vector<Rendition> sounds;
};

// `base`: where the text came from, after redirects.  The error is a clause.
tl::expected<std::variant<MasterPlaylist, MediaPlaylist>, std::string> parse_playlist(
    std::string_view text, const Url& base);

// What is taken of several renditions.
struct Choice {
  Url url;
  std::optional<Url> sound;  // where it does not lie in the same segments
};

// The largest picture that the canvas does not exceed in neither direction, else the smallest; of
// equal ones that of the highest bandwidth.  Of its sounds the preferred, else the first.
Choice choose(const MasterPlaylist& playlist, Size canvas);

}  // namespace rostrum::hls
