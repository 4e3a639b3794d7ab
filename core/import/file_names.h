// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of files, as importers read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// What a file is by its ending.
enum class FileType { film, sound, picture, pdf, presentation, other };
FileType type_of(std::string_view path);

// "a/b.c.png" -> "b.c.png", "b.c".
std::string_view name_of(std::string_view path);
std::string_view stem_of(std::string_view path);

// Latin and Cyrillic letters made small; bytes that are no UTF-8 become U+FFFD.
std::string lower_case(std::string_view utf8);

// The numbers in a text, in order; a longer run of digits than fits counts as its last 18.
std::vector<std::int64_t> numbers_in(std::string_view text);

// The order in which people count: "2.png" before "10.png", whatever the case of the letters.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace rostrum
