// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string_view>

namespace rostrum {

struct WebPage {
  std::string_view path;  // below the token
  const char* type;
  std::string_view text;
};

// The files of data/web: a program that is moved, or run where it was built, has them, too.
std::span<const WebPage> web_pages();

}  // namespace rostrum
