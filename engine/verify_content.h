// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "engine/verify.h"

namespace rostrum {

// Adds to the findings what was seen and heard of the film, held against its sources where they are
// known.  Blocks.
Result<void> judge_content(const VerifyOptions& options, VerifyReport& report);

}  // namespace rostrum
