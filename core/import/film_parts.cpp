// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/film_parts.h"

#include "core/intervals.h"

#include <algorithm>
#include <utility>

namespace rostrum {

FilmParts::FilmParts(std::vector<Interval> parts) : parts_{std::move(parts)} {
  Nanoseconds end{0};
  for (const auto& part : parts_) ends_.push_back(end += part.to - part.from);
}

Nanoseconds FilmParts::at(Nanoseconds log) const {
  const auto part = std::upper_bound(parts_.begin(), parts_.end(), log,
                                     [](Nanoseconds t, const Interval& p) { return t < p.to; });
  if (part == parts_.end()) return duration();
  const auto end = ends_[static_cast<std::size_t>(part - parts_.begin())];
  return end - (part->to - std::max(part->from, log));
}

std::vector<Interval> FilmParts::on_film(const std::vector<Interval>& log) const {
  std::vector<Interval> film;
  for (const auto& interval : log) film.push_back(on_film(interval));
  return merged(std::move(film));
}

std::vector<FilmParts::Piece> FilmParts::pieces(Interval log) const {
  std::vector<Piece> found;
  auto part = std::upper_bound(parts_.begin(), parts_.end(), log.from,
                               [](Nanoseconds t, const Interval& p) { return t < p.to; });
  for (; part != parts_.end() && part->from < log.to; ++part) {
    const Interval common{std::max(part->from, log.from), std::min(part->to, log.to)};
    if (!common.empty()) found.push_back({common, at(common.from)});
  }
  return found;
}

}  // namespace rostrum
