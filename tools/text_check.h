// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts that the installed fonts cannot draw, before they are drawn.
#pragma once

#include "tools/job.h"

#include <string>
#include <vector>

namespace rostrum {

// A sentence for each text of the job that is drawn and has characters that no installed font has:
// where it stands, which they are, and what to do.
std::vector<std::string> missing_letters(const Job& job, const Plan& plan);

}  // namespace rostrum
