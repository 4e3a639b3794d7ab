// SPDX-License-Identifier: LGPL-2.1-or-later
// The attribute list of an HLS tag: RFC 8216, section 4.2.
#pragma once

#include "core/fetch/hls.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rostrum::hls {

class Attributes {
 public:
  // NAME=VALUE,NAME="VALUE"; of a name that comes twice the first counts.
  explicit Attributes(std::string_view list);

  // Without its quotes; "" if it is absent.
  std::string_view text(std::string_view name) const;
  bool has(std::string_view name) const { return values_.contains(name); }
  bool is(std::string_view name, std::string_view value) const { return text(name) == value; }

 private:
  std::map<std::string_view, std::string_view, std::less<>> values_;
};

// A decimal-integer; nothing when it is none, or beyond 2^63.
std::optional<std::uint64_t> read_integer(std::string_view text);
// A decimal-resolution, 1280x720.
std::optional<Size> read_resolution(std::string_view text);
// A hexadecimal-sequence of up to 128 bits, as 16 bytes, the most significant first.
std::optional<std::array<std::uint8_t, 16>> read_vector(std::string_view text);

}  // namespace rostrum::hls
