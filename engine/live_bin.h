// SPDX-License-Identifier: LGPL-2.1-or-later
// A bin whose children may fail without the pipeline's failing.
#pragma once

#include "lib/gst_ptr.h"

#include <functional>
#include <string>

namespace rostrum {

// Errors of the bin's children are not posted any further: `on_error` gets their text, from any
// thread, as a clause.
GstPtr<GstElement> make_live_bin(std::function<void(const std::string& why)> on_error);

}  // namespace rostrum
