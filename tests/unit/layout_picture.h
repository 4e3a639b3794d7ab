// SPDX-License-Identifier: LGPL-2.1-or-later
// What arrange() makes of the cases of layout_cases.h, as a drawing.
#pragma once

#include "core/layout.h"

#include <string>

namespace rostrum::test {

// An SVG: for each canvas and each kind of stage a small drawing per number of people, neighbours
// that are alike only once.
std::string policy_svg(Policy policy);

}  // namespace rostrum::test
