// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of the commands that reach the network.
#pragma once

#include "core/timeline.h"
#include "net/download.h"

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace rostrum {

struct NetworkOptions {
  std::vector<std::string> hosts;  // --allow-host
  bool plain_http = false;         // --allow-http
  std::string cookie_file;
  std::string header_file;
  int parallel = 4;
  int retries = 5;
  Nanoseconds retry_pause{500ms};
  Nanoseconds connect_timeout{30s};
  Nanoseconds timeout{0};
  std::uint64_t largest_file = std::uint64_t{50} << 30;
};

void add_network(CLI::App* app, NetworkOptions& options);

// --allow-host.
void add_hosts(CLI::App* app, std::vector<std::string>& hosts, const std::string& help);

// What of it is the same for all downloads.  `importer`: whose hosts are allowed; "" = none.
// Kind::usage: secrets that cannot be read.
Result<DownloadOptions> download_options(const NetworkOptions& options, const std::string& importer,
                                         Nanoseconds stall_timeout);

}  // namespace rostrum
