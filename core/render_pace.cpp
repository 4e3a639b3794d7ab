// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/render_pace.h"

#include <cmath>

namespace rostrum {

namespace {

constexpr Nanoseconds kWindow{60'000'000'000};

}  // namespace

void RenderPace::add(Nanoseconds now, Nanoseconds done) {
  if (!marks_.empty() && done < marks_.back().done) marks_.clear();
  if (marks_.empty() || done > marks_.back().done) marks_.push_back({now, done});
  while (marks_.size() > 2 && marks_[1].at < now - kWindow) marks_.pop_front();
}

std::optional<double> RenderPace::speed(Nanoseconds now) const {
  if (marks_.size() < 2) return std::nullopt;
  const auto time = now - marks_.front().at;
  if (time <= 0ns) return std::nullopt;
  return to_seconds(marks_.back().done - marks_.front().done) / to_seconds(time);
}

std::optional<Nanoseconds> RenderPace::left(Nanoseconds now, Nanoseconds total) const {
  const auto pace = speed(now);
  if (!pace || *pace <= 0) return std::nullopt;
  return Nanoseconds{
      std::llround(static_cast<double>((total - marks_.back().done).count()) / *pace)};
}

}  // namespace rostrum
