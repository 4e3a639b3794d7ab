// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether and when a download is tried again: a pure decision.
#pragma once

#include "core/timeline.h"

#include <optional>

namespace rostrum {

// Why an attempt failed.
struct DownloadFailure {
  enum class How {
    connection,  // not made, lost, stalled, or ended before the body did
    status,      // an answer of HTTP other than the one wanted
    changed,     // what is there is not what the first part came from: it has to begin anew
    final        // it would fail again
  } how = How::connection;
  int status = 0;                          // How::status
  std::optional<Nanoseconds> retry_after;  // what the server asks for
};

struct RetryRules {
  int retries = 5;  // in succession without progress
  Nanoseconds first_pause{500ms};
  Nanoseconds longest_pause{30s};
  Nanoseconds longest_asked{5min};  // Retry-After; who asks for more is given up
};

// How long to wait before the next attempt; nothing: it is given up.  `failures`: attempts that
// failed in succession without having brought anything, this one included.  `random`: from [0, 1).
std::optional<Nanoseconds> pause_before_retry(const RetryRules& rules,
                                              const DownloadFailure& failure, int failures,
                                              double random);

}  // namespace rostrum
