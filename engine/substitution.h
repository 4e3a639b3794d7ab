// SPDX-License-Identifier: LGPL-2.1-or-later
// The element message "rostrum-substitution": something declared could not be played, and black,
// silence or a plain picture of the same length stands in for it.
#pragma once

#include "core/plan.h"
#include "lib/gst_ptr.h"

#include <optional>

namespace rostrum {

// Fields: asset (string), location (string), what ("missing", "damaged", "short", "stalled",
// "read-error", "unreadable"), why (string, a sentence), from, to (guint64, nanoseconds of the
// element's time axis). Posts the message and, for applications that only look at warnings, a
// GST_ELEMENT_WARNING.
void post_substitution(GstElement* element, const Substitution& substitution, const char* location);

// The substitution that a message carries; nothing for any other message.
std::optional<Substitution> read_substitution(GstMessage* message);

}  // namespace rostrum
