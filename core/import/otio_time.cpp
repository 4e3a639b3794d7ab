// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/otio_time.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

namespace rostrum::otio {

namespace {

constexpr double kMostSeconds = kLongestHours * 3600.0 + 2;  // what is rounded to frames, too
constexpr double kMostRate = 240;
constexpr double kExact = 1e-6;      // of rates that are written with all their digits
constexpr double kTwoDigits = 5e-3;  // 29.97

std::optional<double> number(const Json* value) {
  if (!value || !value->is_number()) return {};
  const auto number = value->get<double>();
  return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

}  // namespace

std::string_view schema_of(const Json& value) {
  const auto* schema = member(value, "OTIO_SCHEMA");
  const auto* text = schema ? schema->get_ptr<const Json::string_t*>() : nullptr;
  if (!text) return {};
  return std::string_view{*text}.substr(0, text->find('.'));
}

std::optional<Frames> read_time(const Json* value, Fraction rate) {
  if (!value || schema_of(*value) != "RationalTime") return {};
  const auto count = number(member(*value, "value"));
  const auto own = number(member(*value, "rate"));
  if (!count || !own || *own <= 0 || std::abs(*count / *own) > kMostSeconds) return {};
  const auto wanted = static_cast<double>(rate.num) / static_cast<double>(rate.den);
  return *own == wanted ? *count : *count / *own * wanted;
}

std::optional<Range> read_range(const Json* value, Fraction rate) {
  if (!value || schema_of(*value) != "TimeRange") return {};
  const auto start = read_time(member(*value, "start_time"), rate);
  const auto duration = read_time(member(*value, "duration"), rate);
  if (!start || !duration || *duration < 0) return {};
  return Range{*start, *duration};
}

std::optional<Fraction> frame_rate(double rate) {
  if (!(rate >= 1 && rate <= kMostRate)) return {};
  const auto whole = static_cast<std::int64_t>(std::lround(rate));
  if (std::abs(rate - static_cast<double>(whole)) < kExact) return Fraction{whole, 1};
  const auto nominal = static_cast<std::int64_t>(std::ceil(rate));
  if (std::abs(rate - static_cast<double>(nominal) * 1000 / 1001) < kTwoDigits)
    return Fraction{nominal * 1000, 1001};
  const auto thousandths = static_cast<std::int64_t>(std::llround(rate * 1000));
  const auto common = std::gcd(thousandths, std::int64_t{1000});
  return Fraction{thousandths / common, 1000 / common};
}

}  // namespace rostrum::otio
