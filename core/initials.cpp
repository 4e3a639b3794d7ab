// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/initials.h"

#include "core/utf8.h"

#include <array>

namespace rostrum {

namespace {

bool is_space(char32_t c) {
  return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

// Combining marks, joiners and variation selectors: no letter of their own.
bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36f) || (c >= 0x591 && c <= 0x5bd) || (c >= 0x610 && c <= 0x61a) ||
         (c >= 0x64b && c <= 0x65f) || (c >= 0x93a && c <= 0x94f && c != 0x93d) ||
         (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2069) || (c >= 0xfe00 && c <= 0xfe0f) ||
         (c >= 0x1f3fb && c <= 0x1f3ff);
}

bool is_punctuation(char32_t c) {
  const bool ascii =
      c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z');
  return ascii || (c >= 0xa1 && c <= 0xbf && c != 0xaa && c != 0xb5 && c != 0xba) ||
         (c >= 0x2010 && c <= 0x205e) || (c >= 0x3001 && c <= 0x303f);
}

char32_t upper(char32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7)) return c - 0x20;
  if (c >= 0x100 && c <= 0x137 && c != 0x131) return c & ~char32_t{1};
  if (c >= 0x14a && c <= 0x177) return c & ~char32_t{1};
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e)) return c - (c % 2 == 0);
  if (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) return c - 0x20;
  if (c >= 0x430 && c <= 0x44f) return c - 0x20;
  if (c >= 0x450 && c <= 0x45f) return c - 0x50;
  if (c >= 0x561 && c <= 0x586) return c - 0x30;
  return c;
}

}  // namespace

std::string single_line(std::string_view text) {
  std::string line;
  bool space = false;
  for (const char32_t c : code_points(text)) {
    if (is_space(c)) {
      space = !line.empty();
      continue;
    }
    if (space) line += ' ';
    space = false;
    append_utf8(line, c);
  }
  return line;
}

std::string clean_lines(std::string_view text) {
  std::string lines;
  for (;;) {
    const auto end = text.find('\n');
    lines += single_line(text.substr(0, end));
    if (end == text.npos) return lines;
    lines += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string initials(std::string_view name) {
  std::string found;
  int words = 0;
  bool inside = false;  // a word whose first letter is taken
  bool marks = false;   // what follows may belong to that letter
  for (const char32_t c : code_points(name)) {
    if (is_space(c)) {
      if (inside && words == 2) break;
      inside = marks = false;
    } else if (is_mark(c)) {
      if (marks) append_utf8(found, c);
    } else if (inside || is_punctuation(c)) {
      marks = false;
    } else {
      append_utf8(found, upper(c));
      inside = marks = true;
      ++words;
    }
  }
  return found;
}

std::uint32_t card_color(std::size_t person) {
  constexpr std::array<std::uint32_t, 8> kColors = {0x3b5b7a, 0x4f6d4a, 0x7a5a3b, 0x6b4a6e,
                                                    0x3f6e6b, 0x75504f, 0x5a5f3e, 0x505a78};
  return kColors[person % kColors.size()];
}

}  // namespace rostrum
