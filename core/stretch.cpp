// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/stretch.h"

#include <algorithm>
#include <numeric>

namespace rostrum {

namespace {

void append(std::vector<Stretch>& stretches, FrameRange frames, std::optional<std::size_t> item) {
  if (!frames.empty()) stretches.push_back({frames, item});
}

}  // namespace

std::vector<Stretch> lay_out(const std::vector<Interval>& intervals, const FrameGrid& grid,
                             FrameRange programme) {
  std::vector<std::size_t> order(intervals.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return intervals[a].from < intervals[b].from;
  });
  std::vector<Stretch> stretches;
  auto at = programme.first;
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto frames = grid.range(intervals[order[i]]);
    if (i + 1 < order.size())
      frames.end = std::min(frames.end, grid.first_at(intervals[order[i + 1]].from));
    frames.first = std::max(frames.first, at);
    frames.end = std::min(frames.end, programme.end);
    if (frames.empty()) continue;
    append(stretches, {at, frames.first}, {});
    append(stretches, frames, order[i]);
    at = frames.end;
  }
  append(stretches, {at, programme.end}, {});
  return stretches;
}

}  // namespace rostrum
