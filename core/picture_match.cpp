// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/picture_match.h"

#include "core/still_watch.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace rostrum {

namespace {

// Of the film against the source `offset` frames after its time.
Likeness likeness_at(const Strips& strips, int offset, const CellMask& mask) {
  Likeness sum;
  for (std::size_t k = 0; k < strips.film.size(); ++k) {
    const auto index = k + static_cast<std::size_t>(strips.reach + offset);
    const auto one = likeness(strips.film[k], strips.source[index], mask);
    sum.distance += one.distance;
    sum.correlation += one.correlation;
  }
  const auto count = static_cast<double>(strips.film.size());
  return {sum.distance / count, sum.correlation / count};
}

// How clearly the movement must tell its place: at every other place the distance is so many times
// greater, and by so much.
constexpr double kDistinct = 1.6;
constexpr double kDistinctBy = 0.7;

void find_lag(const std::vector<Likeness>& by_offset, int reach, PictureMatch& found) {
  const auto nearest =
      std::min_element(by_offset.begin(), by_offset.end(),
                       [](const auto& a, const auto& b) { return a.distance < b.distance; });
  const int best = static_cast<int>(nearest - by_offset.begin()) - reach;
  double other = std::numeric_limits<double>::max();
  for (int offset = -reach; offset <= reach; ++offset)
    if (std::abs(offset - best) > kInStep)
      other = std::min(other, by_offset[static_cast<std::size_t>(offset + reach)].distance);
  found.certain = nearest->distance <= kUnlikeDistance / 2 &&
                  other >= kDistinct * nearest->distance + kDistinctBy &&
                  other < std::numeric_limits<double>::max();
  if (found.certain) found.lag = -best;
}

}  // namespace

std::optional<PictureMatch> match(const Strips& strips, const CellMask& mask) {
  if (strips.film.empty() ||
      strips.source.size() != strips.film.size() + 2 * static_cast<std::size_t>(strips.reach))
    return {};
  std::vector<Likeness> by_offset;
  for (int offset = -strips.reach; offset <= strips.reach; ++offset)
    by_offset.push_back(likeness_at(strips, offset, mask));
  PictureMatch found;
  const int near = std::min(kInStep, strips.reach);
  const auto middle = by_offset.begin() + strips.reach;
  found.likeness =
      *std::min_element(middle - near, middle + near + 1,
                        [](const auto& a, const auto& b) { return a.distance < b.distance; });
  if (strips.reach > kInStep && strips.film.size() > 1) find_lag(by_offset, strips.reach, found);
  const bool elsewhere = found.certain && std::abs(found.lag) > kInStep;
  found.unlike = !elsewhere && found.likeness.distance > kUnlikeDistance &&
                 found.likeness.correlation < kUnlikeCorrelation;
  return found;
}

std::optional<std::size_t> shown_instead(const Signature& film, const Likeness& own,
                                         const std::vector<const Signature*>& candidates,
                                         const CellMask& mask) {
  if (own.distance <= kEncodingNoise) return {};
  std::optional<std::size_t> best;
  double least = kClearlyNearer * own.distance;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i]->grid != film.grid) continue;
    if (const auto d = likeness(film, *candidates[i], mask).distance; d < least) {
      least = d;
      best = i;
    }
  }
  return best;
}

bool moves(const std::vector<Signature>& frames, const CellMask& mask) {
  constexpr std::size_t kLeastFrames = 2;
  std::size_t moved = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const auto least = std::max<std::size_t>(3, frames[i].grid.cells() / 50);
    if (cells_apart(frames.front(), frames[i], mask, 2 * kStillTolerance) >= least) ++moved;
  }
  return moved >= kLeastFrames;
}

}  // namespace rostrum
