// SPDX-License-Identifier: LGPL-2.1-or-later
// What a jobsrc tells the application.
#pragma once

#include "core/result.h"
#include "engine/planned_job.h"
#include "lib/gst_ptr.h"

#include <gst/gst.h>

#include <string>

namespace rostrum {

// The job cannot be played.
void post_unplayable(GstElement* element, const Error& error);
// It has changed and is now invalid: "rostrum-job-invalid", and a warning with the same text.
void post_invalid(GstElement* element, const std::string& location, const Error& error);
// It has changed, and what follows is from the new one: "rostrum-job-reloaded", and a new duration.
void post_reloaded(GstElement* element, const std::string& location);

// The same message with the media's names instead of the descriptors by which they are played;
// takes the message.
GstPtr<GstMessage> with_names(GstPtr<GstMessage> message, const PlannedJob& planned);

}  // namespace rostrum
