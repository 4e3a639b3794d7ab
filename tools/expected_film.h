// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/plan.h"
#include "engine/verify.h"

#include <string>

namespace rostrum {

// What verify must find in a film rendered from the plan.
Expected expected_film(const Plan& plan);

// What verify found, a line each; only what is wrong unless `all`.
std::string findings_text(const VerifyReport& report, bool all);

}  // namespace rostrum
