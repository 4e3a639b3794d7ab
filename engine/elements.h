// SPDX-License-Identifier: LGPL-2.1-or-later
// Making, adding and linking elements with errors that name what is missing.
#pragma once

#include "core/result.h"
#include "lib/gst_ptr.h"

#include <initializer_list>

namespace rostrum {

// Makes an element and puts it into `bin`, which owns it.  Fails with Kind::missing_component.
Result<GstElement*> add_element(GstElement* bin, const char* factory, const char* name = nullptr);

// Makes the elements of a launch description (constant text only, no user's strings in it) one bin
// named `name` inside `bin`, with ghost pads at its ends.
Result<GstElement*> add_description(GstElement* bin, const std::string& description,
                                    const char* name);

// Links src to sink, each to its pad of that name or, for nullptr, any that fits.
Result<void> link(GstElement* source, const char* source_pad, GstElement* sink,
                  const char* sink_pad);

// Ghosts the element's "src" pad as the bin's.
Result<void> expose_source(GstElement* bin, GstElement* element);

}  // namespace rostrum
