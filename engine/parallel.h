// SPDX-License-Identifier: LGPL-2.1-or-later
// Work on many things at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace rostrum {

// Calls work(i) for each i below `count`, in order but several at once, and returns after the last;
// `threads` 0: one per core.  Once a `work` has returned false no other begins, and so does this.
template <typename Work>
bool in_parallel(std::size_t count, unsigned threads, Work work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  const auto some = [&] {
    for (std::size_t i = next++; i < count && !stopped; i = next++)
      if (!work(i)) stopped = true;
  };
  const std::size_t most = threads ? threads : std::max(1U, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < std::min(most, count); ++i) workers.emplace_back(some);
  }
  return !stopped;
}

}  // namespace rostrum
