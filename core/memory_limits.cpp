// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/memory_limits.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace rostrum {

namespace {

// Five times what a worker of a 720p meeting was measured to take, and enough for decoding the
// largest picture (1 GiB).
constexpr std::int64_t kWorker = 1536LL << 20;
// Twice as many frames of the canvas as queues, look-ahead, reference pictures and composition were
// measured to hold.
constexpr std::int64_t kFrames = 192;
// A pipeline of many threads maps a gigabyte that it never touches.
constexpr std::int64_t kAddresses = 4096LL << 20;
constexpr std::int64_t kMoreAddresses = 1024LL << 20;  // for each further one

// One I420 frame of each size.
std::int64_t frame_bytes(Size canvas, const std::vector<Size>& renditions) {
  auto pixels = std::int64_t{canvas.width} * canvas.height;
  for (const auto& size : renditions) pixels += std::int64_t{size.width} * size.height;
  return pixels * 3 / 2;
}

}  // namespace

MemoryLimits memory_limits(std::int64_t total, Size canvas, const std::vector<Size>& renditions) {
  const auto all = total > 0 ? total / 4 * 3 : std::numeric_limits<std::int64_t>::max();
  return {std::min(all, kWorker + kFrames * frame_bytes(canvas, renditions)), all};
}

std::int64_t address_space_limit(Size canvas, std::size_t pipelines,
                                 const std::vector<Size>& renditions) {
  const auto further = static_cast<std::int64_t>(std::max<std::size_t>(pipelines, 1) - 1);
  return kAddresses + kFrames * frame_bytes(canvas, renditions) + further * kMoreAddresses;
}

std::optional<Excess> find_excess(const std::vector<std::int64_t>& resident,
                                  const MemoryLimits& limits) {
  const auto largest = std::max_element(resident.begin(), resident.end());
  if (largest == resident.end()) return {};
  const auto worker = static_cast<std::size_t>(largest - resident.begin());
  if (*largest > limits.worker) return Excess{worker, false};
  const auto sum = std::accumulate(resident.begin(), resident.end(), std::int64_t{0});
  if (sum > limits.all && sum > *largest) return Excess{worker, true};
  return {};
}

}  // namespace rostrum
