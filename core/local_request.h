// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether a request to a server on the loopback comes from the page that this server has given out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rostrum {

struct LocalRequest {
  std::string_view host;                   // the header; "" when it is absent
  std::optional<std::string_view> origin;  // likewise
  std::string_view path;                   // decoded
};

// What follows the token, "/" alone for the page itself; nothing for a request that is to be
// refused: the wrong token; another host, for a name that leads here is somebody else's (DNS
// rebinding); or another origin, whose page has no business here (RFC 6454, RFC 6455 section 10.2).
std::optional<std::string_view> asked_path(const LocalRequest& request, std::string_view token,
                                           std::uint16_t port);

// Both texts are compared whole, so that the time tells nothing of where they differ.
bool is_token(std::string_view given, std::string_view token);

}  // namespace rostrum
