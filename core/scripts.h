// SPDX-License-Identifier: LGPL-2.1-or-later
// Which letters need which fonts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rostrum {

struct Script {
  std::string_view name;     // "Han"
  std::string_view sample;   // a few of its letters, UTF-8
  std::string_view package;  // Debian package with a font that draws it
};

// Those that names and titles are commonly written in.
std::span<const Script> common_scripts();

// The Debian package with a font that draws this character.
std::string_view font_package(char32_t c);

// "U+4E2D".
std::string code_point_name(char32_t c);

}  // namespace rostrum
