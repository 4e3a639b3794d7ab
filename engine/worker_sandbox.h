// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/result.h"

#include <string>

namespace rostrum {

// For the worker's side, before gst_init() and before any thread is there: from here on this
// process reads only the media that it was given by descriptor and what the system has for every
// program, writes only in the folder of its job's text, and has no network.
Result<void> confine_worker(const std::string& spec);

}  // namespace rostrum
