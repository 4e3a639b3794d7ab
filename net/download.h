// SPDX-License-Identifier: LGPL-2.1-or-later
// Files from the network, several at once: whole, or an error that says why not.
#pragma once

#include "core/fetch/host_rules.h"
#include "core/fetch/retry_rules.h"
#include "core/fetch/url.h"
#include "core/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// What only some hosts may know.
struct Secrets {
  std::string cookie;                // name=value; name2=value2
  std::vector<std::string> headers;  // Name: value
  std::string link_host;             // of the link that the user gave; "" = there is none
};

struct DownloadOptions {
  HostRules hosts;
  Secrets secrets;
  RetryRules retry;
  int parallel = 4;
  Nanoseconds connect_timeout{30s};
  Nanoseconds stall_timeout{60s};  // without a byte
  Nanoseconds timeout{0};          // of one file, all attempts together; 0 = none
  std::uint64_t largest_file = std::uint64_t{50} << 30;
};

struct DownloadRequest {
  std::string url;
  std::string path;    // its folder is there
  std::string sha256;  // "" = not known
  // What several requests may bring together, in bytes, is taken from here; null = there is no such
  // limit.
  std::shared_ptr<std::uint64_t> allowance{};
};

// How far one file is.
struct DownloadState {
  enum class Phase { waiting, running, done, failed } phase = Phase::waiting;
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> total;
  std::uint64_t received = 0;  // of these bytes, now
  int status = 0;              // of the last answer; 0 = there was none
};

// Of each request what became of it: Kind::media for what cannot be fetched, Kind::interrupted for
// what was not finished before Ctrl-C, which the next call goes on with.  `on_progress` is called
// several times a second, and at the end, with the states of all.
std::vector<Result<void>> download_all(
    std::span<const DownloadRequest> requests, const DownloadOptions& options,
    const std::function<void(std::span<const DownloadState>)>& on_progress);

struct DownloadedText {
  int status = 200;  // or 4xx: the text is what the server says instead
  Url url;           // that it came from, after redirects
  std::string text;
};

// A text that is not kept on disk.
Result<DownloadedText> download_text(const std::string& url, const DownloadOptions& options,
                                     std::size_t most_bytes);

}  // namespace rostrum
