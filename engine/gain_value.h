// SPDX-License-Identifier: LGPL-2.1-or-later
// The value of timelinesrc's `gains` property: a GstValueArray of GstValueArrays of "point"
// structures.
#pragma once

#include "core/gain.h"
#include "core/result.h"

#include <gst/gst.h>

#include <vector>

namespace rostrum {

// Fields of a structure: at (guint64, ns), gain (double, 0 to 100).  Fails with a sentence that
// names the structure and what is wrong.
Result<std::vector<GainCurve>> gains_from_value(const GValue* array);
// Into an initialised GST_TYPE_ARRAY value.
void gains_to_value(const std::vector<GainCurve>& gains, GValue* array);

}  // namespace rostrum
