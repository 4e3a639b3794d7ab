// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/speaker_presence.h"

#include "core/speaker_talk.h"

#include <algorithm>

namespace rostrum {

std::pair<std::size_t, std::size_t> windows_within(Interval interval, std::size_t count) {
  const auto last = static_cast<std::int64_t>(count);
  const auto from = std::clamp<std::int64_t>(interval.from / kLevelWindow, 0, last);
  const auto to =
      std::clamp<std::int64_t>((interval.to + kLevelWindow - 1ns) / kLevelWindow, from, last);
  return {static_cast<std::size_t>(from), static_cast<std::size_t>(to)};
}

std::vector<bool> marked(const std::vector<Interval>& intervals, std::size_t count) {
  std::vector<bool> marks(count);
  for (const auto& interval : intervals) {
    const auto [from, to] = windows_within(interval, count);
    std::fill(marks.begin() + static_cast<std::ptrdiff_t>(from),
              marks.begin() + static_cast<std::ptrdiff_t>(to), true);
  }
  return marks;
}

std::vector<bool> audible_power(const PersonLevels& person, std::vector<bool> present,
                                std::vector<float>& power) {
  auto audible = std::move(present);
  for (const auto& interval : person.muted) {
    const auto [from, to] = windows_within(interval, audible.size());
    for (auto i = from; i < to; ++i) audible[i] = false;
  }
  std::fill(power.begin(), power.end(), 0.F);
  const auto known = std::min(power.size(), person.levels.size());
  for (std::size_t i = 0; i < known; ++i)
    if (audible[i]) power[i] = power_of(person.levels[i]);
  return audible;
}

}  // namespace rostrum
