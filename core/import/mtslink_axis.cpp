// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/mtslink_axis.h"

#include "core/intervals.h"

#include <algorithm>
#include <utility>

namespace rostrum::mtslink {

namespace {

// The log's clock may count whole seconds: so near to a cut an event may be inside it.
constexpr Nanoseconds kNear = 1s;

// Further away from its beginning nothing is of one recording.
constexpr Nanoseconds kFar = std::chrono::hours{kLongestHours};

Nanoseconds since(Nanoseconds epoch, Nanoseconds clock) {
  return std::clamp(clock - epoch, -kFar, kFar);
}

bool before(const Interval& cut, Nanoseconds clock) { return cut.to <= clock; }

// The clock at 0 of the recording: what most moments outside of the cuts agree on.
std::optional<Nanoseconds> epoch_of(const std::vector<Interval>& cuts,
                                    const std::vector<Moment>& moments) {
  std::vector<Nanoseconds> lost{0ns};  // in the first n cuts
  for (const auto& cut : cuts) lost.push_back(lost.back() + (cut.to - cut.from));
  std::vector<Nanoseconds> found;
  for (const auto& [at, clock] : moments) {
    if (!clock) continue;
    const auto next = std::lower_bound(cuts.begin(), cuts.end(), *clock, before);
    if (next != cuts.end() && next->from <= *clock) continue;
    found.push_back(*clock - at - lost[static_cast<std::size_t>(next - cuts.begin())]);
  }
  if (found.empty()) return {};
  const auto middle = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2);
  std::nth_element(found.begin(), middle, found.end());
  return *middle;
}

// What is left of the recording, as long as the record.
std::vector<Interval> parts_of(Nanoseconds record, const std::vector<Interval>& cuts,
                               Nanoseconds epoch) {
  std::vector<Interval> parts;
  Nanoseconds from{0};
  auto left = record;
  for (const auto& cut : cuts) {
    const Interval out{since(epoch, cut.from), since(epoch, cut.to)};
    if (out.to <= from) continue;
    if (out.from >= from + left) break;
    if (out.from > from) parts.push_back({from, out.from});
    left -= std::max(out.from - from, 0ns);
    from = out.to;
  }
  if (left > 0ns) parts.push_back({from, from + left});
  return parts;
}

}  // namespace

Axis::Axis(Nanoseconds record, std::vector<Interval> cuts, const std::vector<Moment>& moments)
    : film_{{}} {
  cuts = merged(std::move(cuts));
  epoch_ = epoch_of(cuts, moments);
  parts_ = epoch_ ? parts_of(record, cuts, *epoch_) : std::vector<Interval>{{0ns, record}};
  film_ = FilmParts{parts_};
}

Nanoseconds Axis::recorded(const Moment& moment, bool begins) const {
  const auto by_clock = moment.clock ? recorded(*moment.clock) : std::nullopt;
  Nanoseconds cut_from{0};  // of the cut before each part, if there is one
  Nanoseconds film{0};      // when it is on film
  for (const auto& part : parts_) {
    const auto past = moment.at - film;
    const auto length = part.to - part.from;
    if (cut_from < part.from && std::chrono::abs(past) <= kNear) {
      const Interval near{cut_from + std::min(past, 0ns), part.from + std::max(past, 0ns)};
      if (by_clock) return std::clamp(*by_clock, near.from, near.to);
      return past > 0ns || (past == 0ns && begins) ? near.to : near.from;
    }
    if (past < length - kNear || &part == &parts_.back()) return part.from + past;
    cut_from = part.to;
    film += length;
  }
  return moment.at;
}

std::optional<Nanoseconds> Axis::recorded(Nanoseconds clock) const {
  return epoch_ ? std::optional{since(*epoch_, clock)} : std::nullopt;
}

}  // namespace rostrum::mtslink
