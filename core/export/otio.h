// SPDX-License-Identifier: LGPL-2.1-or-later
// Manifest -> OpenTimelineIO.  docs/formats.md says what becomes of what.
#pragma once

#include "core/export/exported.h"

namespace rostrum {

// Each track of the job as a track of the timeline, and the sound of cameras and screens as tracks
// of their own.  What OpenTimelineIO cannot say is kept in `metadata.rostrum`, so that
// import_otio() gives the same job.
Exported export_otio(const ExportSource& source);

}  // namespace rostrum
