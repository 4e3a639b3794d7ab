// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/ids.h"

namespace rostrum {

namespace {

constexpr std::size_t kSlugBytes = 40;

}  // namespace

std::string Ids::make(std::string_view prefix, std::string_view text) {
  std::string id{prefix};
  for (const char c : text.substr(0, kSlugBytes)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_';
    if (kept)
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  while (id.ends_with('-')) id.pop_back();
  auto unique = id;
  auto& last = last_[id];
  if (last == 0) last = 1;
  while (!taken_.insert(unique).second) unique = id + "-" + std::to_string(++last);
  return unique;
}

}  // namespace rostrum
