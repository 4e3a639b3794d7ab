// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/retry_rules.h"

#include <algorithm>

namespace rostrum {

namespace {

// RFC 9110 and RFC 6585: those that may be answered otherwise a while later.
bool passes(int status) { return status == 408 || status == 429 || status >= 500; }

}  // namespace

std::optional<Nanoseconds> pause_before_retry(const RetryRules& rules,
                                              const DownloadFailure& failure, int failures,
                                              double random) {
  using How = DownloadFailure::How;
  if (failure.how == How::final || failures > rules.retries) return {};
  if (failure.how == How::status && !passes(failure.status)) return {};
  if (failure.retry_after && *failure.retry_after > rules.longest_asked) return {};
  auto pause = rules.first_pause;
  for (int i = 1; i < failures && pause < rules.longest_pause; ++i) pause *= 2;
  pause = std::min(pause, rules.longest_pause);
  // Half of it by chance, so that many who were turned away together do not come back together.
  const auto half = static_cast<double>(pause.count()) / 2;
  pause = Nanoseconds{static_cast<std::int64_t>(half + half * random)};
  return std::max(pause, failure.retry_after.value_or(0ns));
}

}  // namespace rostrum
