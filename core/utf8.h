// SPDX-License-Identifier: LGPL-2.1-or-later
// UTF-8 text as Unicode code points.
#pragma once

#include <string>
#include <string_view>

namespace rostrum {

// A byte that is not UTF-8 becomes U+FFFD.
std::u32string code_points(std::string_view utf8);
void append_utf8(std::string& text, char32_t c);

}  // namespace rostrum
