// SPDX-License-Identifier: LGPL-2.1-or-later
// What a live job may say.  docs/live.md has the list.
#pragma once

#include "core/findings.h"
#include "core/manifest.h"

namespace rostrum {

// Whether any of its tracks has a `uri`.
bool is_live(const Manifest& manifest);

// Tracks that are not live, and keys that are not honoured in a live job.
void check_live(const Manifest& manifest, Findings& findings);

}  // namespace rostrum
