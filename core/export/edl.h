// SPDX-License-Identifier: LGPL-2.1-or-later
// Plan -> edit decision list (CMX 3600).  docs/formats.md says what becomes of what.
#pragma once

#include "core/export/exported.h"
#include "core/plan.h"

namespace rostrum {

// The largest picture of each moment on the one track V.  Fails with Kind::usage for a rate or a
// length that a timecode cannot count.
Result<Exported> export_edl(const ExportSource& source, const Plan& plan);

}  // namespace rostrum
