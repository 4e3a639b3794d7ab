// SPDX-License-Identifier: LGPL-2.1-or-later
// What an earlier render has reported beside its film.
#pragma once

#include "core/plan.h"

#include <string>
#include <vector>

namespace rostrum {

// The report's usual place: the film's name with .report.json.
std::string report_path(const std::string& film);

// The substitutions of the report beside the film; none without one that can be read.
std::vector<Substitution> substitutions_reported(const std::string& film);

}  // namespace rostrum
