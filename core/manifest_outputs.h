// SPDX-License-Identifier: LGPL-2.1-or-later
// The manifest's outputs: reading them.
#pragma once

#include "core/json_reader.h"
#include "core/manifest.h"

namespace rostrum {

// "output" or "outputs" of the manifest's object.  After the sound was read: what the files cannot
// hold is a finding.
void read_outputs(ObjectReader& manifest, Manifest& into);

}  // namespace rostrum
