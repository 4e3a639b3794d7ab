// SPDX-License-Identifier: LGPL-2.1-or-later
// UTF-8 text as Unicode code points.
#pragma once

#include <string>
#include <string_view>

namespace rostrum {

// A byte that is not UTF-8 becomes U+FFFD.
std::u32string code_points(std::string_view utf8);
void append_utf8(std::string& text, char32_t c);

// Whether a character commands a terminal, ends a line, or turns the direction of what is around
// it: what must not get out of a record into names and messages.
bool is_control(char32_t c);

}  // namespace rostrum
