// SPDX-License-Identifier: LGPL-2.1-or-later
// http and https URLs (RFC 3986), read strictly: what two readers might take for different hosts is
// refused.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace rostrum {

struct Url {
  bool secure = true;  // https
  std::string host;    // in lower case; an IPv6 address without its brackets
  int port = 443;
  std::string target;  // path and query, from "/" on, percent-encoded; the fragment is left out

  // The last component of the path as it stands there; "" after a slash.
  std::string_view file_name() const;
  std::string text() const;

  friend bool operator==(const Url&, const Url&) = default;
};

bool is_remote(std::string_view uri);

// The error is a clause: "it names a user".
tl::expected<Url, std::string> parse_url(std::string_view text);

// What a reference in a document that came from `base` means: RFC 3986, section 5.2.
tl::expected<Url, std::string> resolve_url(const Url& base, std::string_view reference);

}  // namespace rostrum
