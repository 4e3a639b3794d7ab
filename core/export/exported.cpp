// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/exported.h"

#include "core/initials.h"

#include <charconv>

namespace rostrum {

std::string file_title(const std::string& uri) {
  const auto path = uri.substr(0, uri.find_first_of("?#"));
  const auto name = path.substr(path.rfind('/') + 1);
  std::string decoded;
  for (std::size_t i = 0; i < name.size(); ++i) {
    unsigned char byte = 0;
    const auto* digits = name.data() + i + 1;
    const bool escaped = name[i] == '%' && i + 2 < name.size() &&
                         std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    decoded += escaped ? static_cast<char>(byte) : name[i];
    if (escaped) i += 2;
  }
  return single_line(decoded);
}

}  // namespace rostrum
