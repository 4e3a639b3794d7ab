// SPDX-License-Identifier: LGPL-2.1-or-later
// The value of timelinesrc's `clips` property: a GstValueArray of "clip" structures.
#pragma once

#include "core/clip_schedule.h"
#include "core/result.h"

#include <gst/gst.h>

#include <vector>

namespace rostrum {

// Fields of a structure: location (string, a path), start, in, duration (ns), and optionally asset
// (string), width, height (int, px), hold (ns).  Times are guint64 or gint64.  Fails with a
// sentence that names the structure and the field.
Result<std::vector<TimelineClip>> clips_from_value(const GValue* array);
// Into an initialised GST_TYPE_ARRAY value.
void clips_to_value(const std::vector<TimelineClip>& clips, GValue* array);

}  // namespace rostrum
