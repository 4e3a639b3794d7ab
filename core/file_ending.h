// SPDX-License-Identifier: LGPL-2.1-or-later
// What a file's name ends in; capitals count as small letters, in every locale.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace rostrum {

// `ending`: ".mp4", in small letters.
inline bool has_ending(std::string_view path, std::string_view ending) {
  if (path.size() < ending.size()) return false;
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(ending.begin(), ending.end(),
                    path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                    [&](char expected, char c) { return expected == small(c); });
}

// ".mov" of "a/talk.mov", as it is written; "" = it has none.
inline std::string ending_of(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  return dot == name.npos || dot == 0 ? std::string{} : std::string{name.substr(dot)};
}

}  // namespace rostrum
