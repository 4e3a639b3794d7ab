// SPDX-License-Identifier: LGPL-2.1-or-later
// Plan -> project of GStreamer Editing Services (XGES, as Pitivi and ges-launch-1.0 read it).
// docs/formats.md says what becomes of what.
#pragma once

#include "core/export/exported.h"
#include "core/plan.h"

namespace rostrum {

// Each picture where and when the plan shows it, and all sound.
Exported export_xges(const ExportSource& source, const Plan& plan);

}  // namespace rostrum
