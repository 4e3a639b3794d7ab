// SPDX-License-Identifier: LGPL-2.1-or-later
// Names as they are drawn, and the plain card of a person without a camera.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rostrum {

// The text on one line: control characters and runs of spaces are one space, none at the ends.
std::string single_line(std::string_view text);

// The same for each of its lines.
std::string clean_lines(std::string_view text);

// The first letters of the first two words, in upper case where that is one letter for one (Latin,
// Greek, Cyrillic, Armenian).  Marks belong to their letter; a word that holds no letter or digit
// (a dash, a bracket) does not count.  `name` is UTF-8.
std::string initials(std::string_view name);

// A quiet colour, 0xRRGGBB, by the person's position in the list; white is legible on it.
std::uint32_t card_color(std::size_t person);

}  // namespace rostrum
