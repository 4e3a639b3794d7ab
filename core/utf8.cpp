// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/utf8.h"

#include <array>
#include <cstdint>

namespace rostrum {

namespace {

constexpr char32_t kReplacement = 0xfffd;

// How many bytes the character that begins with this byte has; 0 for what begins none.
std::size_t length_of(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

}  // namespace

std::u32string code_points(std::string_view utf8) {
  constexpr std::array<std::uint8_t, 5> kLeadBits = {0, 0x7f, 0x1f, 0x0f, 0x07};
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  std::u32string points;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<std::uint8_t>(utf8[i]);
    const auto length = length_of(lead);
    char32_t c = lead & kLeadBits[length];
    bool good = length > 0 && i + length <= utf8.size();
    for (std::size_t k = 1; good && k < length; ++k) {
      const auto byte = static_cast<std::uint8_t>(utf8[i + k]);
      good = (byte & 0xc0) == 0x80;
      c = c << 6 | (byte & 0x3f);
    }
    good = good && c >= kLeast[length] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    points += good ? c : kReplacement;
    i += good ? length : 1;
  }
  return points;
}

void append_utf8(std::string& text, char32_t c) {
  const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    add(0xe0 | c >> 12);
    add(0x80 | (c >> 6 & 0x3f));
  } else {
    add(0xf0 | c >> 18);
    add(0x80 | (c >> 12 & 0x3f));
    add(0x80 | (c >> 6 & 0x3f));
  }
  add(0x80 | (c & 0x3f));
}

bool is_control(char32_t c) {
  constexpr std::u32string_view kMarks = U"\u061c\u200e\u200f";  // of direction
  const bool c0_or_c1 = c < 0x20 || (c >= 0x7f && c <= 0x9f);
  const bool line_or_bidi = (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  return c0_or_c1 || line_or_bidi || kMarks.find(c) != kMarks.npos;
}

}  // namespace rostrum
