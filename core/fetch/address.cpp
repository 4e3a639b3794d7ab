// SPDX-License-Identifier: LGPL-2.1-or-later
// The ranges are those of the IANA registries of special-purpose addresses (RFC 6890) and of
// multicast addresses (RFC 5771, RFC 4291).
#include "core/fetch/address.h"

#include <array>

namespace rostrum {

namespace {

using Bytes = std::span<const std::uint8_t>;

struct Range {
  std::array<std::uint8_t, 16> first;
  int bits;
  std::string_view name;
};

constexpr Range kRangesV4[] = {
    {{0}, 8, "of this network"},
    {{10}, 8, "private"},
    {{100, 64}, 10, "shared by a carrier"},
    {{127}, 8, "loopback"},
    {{169, 254}, 16, "link-local"},
    {{172, 16}, 12, "private"},
    {{192, 0, 0}, 24, "reserved"},
    {{192, 0, 2}, 24, "for documentation"},
    {{192, 88, 99}, 24, "reserved"},
    {{192, 168}, 16, "private"},
    {{198, 18}, 15, "for benchmarks"},
    {{198, 51, 100}, 24, "for documentation"},
    {{203, 0, 113}, 24, "for documentation"},
    {{224}, 4, "multicast"},
    {{240}, 4, "reserved"},
};

constexpr Range kRangesV6[] = {
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "for documentation"},
    {{0x20, 0x01}, 23, "reserved"},
    {{0x3f, 0xff}, 20, "for documentation"},
    {{0xfc}, 7, "private"},
    {{0xfe, 0x80}, 10, "link-local"},
    {{0xff}, 8, "multicast"},
};

// Where an IPv4 address stands in others.
struct Embedded {
  std::array<std::uint8_t, 16> first;
  int bits;
  std::size_t at;  // its first byte
};

constexpr Embedded kEmbedded[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12},  // IPv4-mapped, RFC 4291
    {{0, 0x64, 0xff, 0x9b}, 96, 12},                       // NAT64, RFC 6052
    {{0x20, 0x02}, 16, 2},                                 // 6to4, RFC 3056
};

bool lies_in(Bytes address, Bytes first, int bits) {
  for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
    const auto mask = static_cast<std::uint8_t>(bits >= 8 ? 0xff : 0xff << (8 - bits));
    if (((address[i] ^ first[i]) & mask) != 0) return false;
  }
  return true;
}

std::string_view name_in(std::span<const Range> ranges, Bytes address) {
  for (const auto& range : ranges)
    if (lies_in(address, range.first, range.bits)) return range.name;
  return {};
}

bool is_loopback(Bytes v6) {
  constexpr std::array<std::uint8_t, 16> kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return lies_in(v6, kLoopback, 128);
}

}  // namespace

std::string_view special_range(Bytes address) {
  if (address.size() == 4) return name_in(kRangesV4, address);
  if (address.size() != 16) return "of an unknown kind";
  for (const auto& form : kEmbedded)
    if (lies_in(address, form.first, form.bits)) return special_range(address.subspan(form.at, 4));
  if (is_loopback(address)) return "loopback";
  if (const auto name = name_in(kRangesV6, address); !name.empty()) return name;
  // RFC 4291: all that is routed so far is 2000::/3
  return (address[0] & 0xe0) == 0x20 ? std::string_view{} : "reserved";
}

}  // namespace rostrum
