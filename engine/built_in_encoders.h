// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>
#include <vector>

namespace rostrum {

// The files of data/profiles: a program that is moved, or run where it was built, has them, too.
// Encoders with a device stand first, each before those that it is better than.
const std::vector<std::string_view>& built_in_encoders();

}  // namespace rostrum
