// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/timeline.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

namespace rostrum {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr double kLimit = 1000.0 * 3600.0;  // seconds

// Digits with at most one point, as seconds; "" and signs are refused.
std::optional<double> parse_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return {};
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto found = text.find(at);
    parts.push_back(text.substr(0, found));
    if (found == std::string_view::npos) return parts;
    text.remove_prefix(found + 1);
  }
}

}  // namespace

std::int64_t scale_floor(std::int64_t value, std::int64_t num, std::int64_t den) {
  return value / den * num + value % den * num / den;
}

std::int64_t scale_round(std::int64_t value, std::int64_t num, std::int64_t den) {
  return value / den * num + (value % den * num + den / 2) / den;
}

Nanoseconds FrameGrid::start(std::int64_t frame) const {
  return Nanoseconds{scale_floor(frame, rate_.den * kSecond, rate_.num)};
}

std::int64_t FrameGrid::frames(Nanoseconds duration) const {
  return scale_round(duration.count(), rate_.num, rate_.den * kSecond);
}

std::int64_t FrameGrid::first_at(Nanoseconds t) const {
  const auto from = (t - 1ms).count();
  if (from <= 0) return 0;
  const auto den = rate_.den * kSecond;
  return from / den * rate_.num + (from % den * rate_.num + den - 1) / den;
}

std::int64_t FrameGrid::samples(std::int64_t frames, int sample_rate) const {
  return scale_round(frames, rate_.den * sample_rate, rate_.num);
}

FrameRange SliceGrid::frames(Interval i) const {
  const auto base = grid_.start(first_);
  auto first = grid_.first_at(i.from - base);
  if (first > 0 && grid_.start(first) > i.from - base) --first;
  return {first_ + first, first_ + grid_.first_at(i.to - base)};
}

std::optional<Nanoseconds> from_seconds(double seconds) {
  if (!std::isfinite(seconds) || std::abs(seconds) > kLimit) return {};
  return Nanoseconds{std::llround(seconds * 1e9)};
}

double to_seconds(Nanoseconds t) { return static_cast<double>(t.count()) / 1e9; }

std::optional<Nanoseconds> parse_time(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() > 3) return {};
  double seconds = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (!last && parts[i].find('.') != std::string_view::npos) return {};
    const auto value = parse_number(parts[i]);
    if (!value || (i > 0 && *value >= 60)) return {};
    seconds = seconds * 60 + *value;
  }
  return from_seconds(seconds);
}

std::string format_time(Nanoseconds t) {
  const auto ms = t.count() / 1'000'000;
  char text[48];
  std::snprintf(text, sizeof text, "%s%lld:%02lld:%02lld.%03lld", ms < 0 ? "-" : "",
                std::abs(static_cast<long long>(ms)) / 3'600'000,
                std::abs(static_cast<long long>(ms)) / 60'000 % 60,
                std::abs(static_cast<long long>(ms)) / 1000 % 60,
                std::abs(static_cast<long long>(ms)) % 1000);
  return text;
}

}  // namespace rostrum
