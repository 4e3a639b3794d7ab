// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/asset_uri.h"

namespace rostrum {

std::string scheme_of(const std::string& uri) {
  const auto end = uri.find("://");
  if (end == std::string::npos) return {};
  auto scheme = uri.substr(0, end);
  for (auto& c : scheme)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr auto kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789+-.";
  return scheme.find_first_not_of(kAllowed) == std::string::npos ? scheme : std::string{};
}

bool is_asset_uri(const std::string& uri) {
  const auto scheme = scheme_of(uri);
  return scheme.empty() || scheme == "file" || scheme == "http" || scheme == "https";
}

}  // namespace rostrum
