// SPDX-License-Identifier: LGPL-2.1-or-later
// All elements of this project, for programs that link them statically.
#pragma once

#include <gst/gst.h>

namespace rostrum {

// Registers every element; for the plugin's init (its GstPlugin) or a program's start (nullptr).
bool register_elements(GstPlugin* plugin);

}  // namespace rostrum
