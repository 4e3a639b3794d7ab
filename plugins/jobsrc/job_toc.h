// SPDX-License-Identifier: LGPL-2.1-or-later
// What players show of a job besides picture and sound.
#pragma once

#include "engine/planned_job.h"
#include "lib/gst_ptr.h"

namespace rostrum {

// Its title.
GstPtr<GstEvent> title_event(const PlannedJob& planned);
// Its chapters; a table of none without any.
GstPtr<GstEvent> chapters_event(const PlannedJob& planned);

}  // namespace rostrum
