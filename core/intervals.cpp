// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/intervals.h"

#include <algorithm>

namespace rostrum {

std::vector<Interval> merged(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.from < b.from; });
  std::vector<Interval> result;
  for (const auto& i : intervals) {
    if (i.empty()) continue;
    if (!result.empty() && i.from <= result.back().to)
      result.back().to = std::max(result.back().to, i.to);
    else
      result.push_back(i);
  }
  return result;
}

std::vector<Interval> difference(const std::vector<Interval>& set,
                                 const std::vector<Interval>& holes) {
  std::vector<Interval> rest;
  auto hole = holes.begin();
  for (auto part : set) {
    while (hole != holes.end() && hole->to <= part.from) ++hole;
    for (auto at = hole; at != holes.end() && at->from < part.to; ++at) {
      if (at->from > part.from) rest.push_back({part.from, at->from});
      part.from = at->to;
    }
    if (!part.empty()) rest.push_back(part);
  }
  return rest;
}

}  // namespace rostrum
