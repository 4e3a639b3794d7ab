// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/local_request.h"

namespace rostrum {

namespace {

// "127.0.0.1:8411" and "localhost:8411"; the port of http is left out.
bool is_own(std::string_view authority, std::uint16_t port) {
  constexpr std::uint16_t kHttp = 80;
  const auto suffix = ":" + std::to_string(port);
  for (const std::string_view name : {"127.0.0.1", "localhost"})
    if (authority == std::string{name} + suffix || (port == kHttp && authority == name))
      return true;
  return false;
}

bool is_own_origin(std::string_view origin, std::uint16_t port) {
  constexpr std::string_view kScheme = "http://";
  return origin.starts_with(kScheme) && is_own(origin.substr(kScheme.size()), port);
}

}  // namespace

std::optional<std::string_view> asked_path(const LocalRequest& request, std::string_view token,
                                           std::uint16_t port) {
  if (!is_own(request.host, port)) return std::nullopt;
  if (request.origin && !is_own_origin(*request.origin, port)) return std::nullopt;
  if (!request.path.starts_with('/')) return std::nullopt;
  const auto end = request.path.find('/', 1);
  if (end == request.path.npos || !is_token(request.path.substr(1, end - 1), token))
    return std::nullopt;
  return request.path.substr(end);
}

bool is_token(std::string_view given, std::string_view token) {
  unsigned differs = given.size() == token.size() && !token.empty() ? 0 : 1;
  for (std::size_t i = 0; i < token.size(); ++i)
    differs |= static_cast<unsigned char>(token[i]) ^
               static_cast<unsigned char>(i < given.size() ? given[i] : 0);
  return differs == 0;
}

}  // namespace rostrum
