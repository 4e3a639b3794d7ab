// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts that the installed fonts cannot draw, before they are drawn.
#pragma once

#include "core/job_texts.h"
#include "tools/job.h"

#include <string>
#include <vector>

namespace rostrum {

// A sentence for each of these texts of the job in which there are characters that no installed
// font has: where it stands, which they are, and what to do.
std::vector<std::string> missing_letters(const Job& job, const std::vector<JobText>& texts);
// The same for all that its film shows.
std::vector<std::string> missing_letters(const Job& job, const Plan& plan);

}  // namespace rostrum
