// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/gain_json.h"

#include <nlohmann/json.hpp>

namespace rostrum {

nlohmann::ordered_json gain_json(const GainCurve& curve) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& point : curve) json.push_back({point.at.count(), point.gain});
  return json;
}

GainCurve gain_of(const nlohmann::ordered_json& json) {
  GainCurve curve;
  for (const auto& point : json)
    curve.push_back({Nanoseconds{point.at(0).get<std::int64_t>()}, point.at(1).get<double>()});
  return curve;
}

}  // namespace rostrum
