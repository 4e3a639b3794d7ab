// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of a live source's URI, read strictly: what two readers might take for different hosts
// is refused.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace rostrum {

struct LiveQuery {
  std::string key;
  std::string value;  // percent-encoding undone
};

struct LiveUri {
  std::string text;    // as it was given
  std::string scheme;  // rtsp, rtsps, srt, v4l2, test
  std::string user;    // with the password; "" = none
  std::string host;    // in lower case, an IPv6 address without its brackets; "" = none
  int port = 0;        // 0 = none
  std::string path;    // of test: without slashes before it
  std::vector<LiveQuery> query = {};  // not of rtsp:, whose own it is

  // "host:port"
  std::string authority() const;
};

// The error is a clause: "it holds a space".  It does not repeat what may be a part of a password
// or a key.
tl::expected<LiveUri, std::string> parse_live_uri(std::string_view text);

}  // namespace rostrum
