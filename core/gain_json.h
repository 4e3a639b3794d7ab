// SPDX-License-Identifier: LGPL-2.1-or-later
// A gain's curve as JSON: an array of [nanoseconds, factor].
#pragma once

#include "core/gain.h"

#include <nlohmann/json_fwd.hpp>

namespace rostrum {

nlohmann::ordered_json gain_json(const GainCurve& curve);
// Throws nlohmann::json::exception when it is none.
GainCurve gain_of(const nlohmann::ordered_json& json);

}  // namespace rostrum
