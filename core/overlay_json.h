// SPDX-License-Identifier: LGPL-2.1-or-later
// An overlay as JSON, for the plan and its slices.
#pragma once

#include "core/overlay.h"

#include <nlohmann/json.hpp>

namespace rostrum {

// Canonical: the same overlay gives the same JSON.
nlohmann::ordered_json overlay_json(const Overlay& overlay);
// Reads that; throws nlohmann::json::exception for anything else.
Overlay overlay_of(const nlohmann::ordered_json& json);

}  // namespace rostrum
