// SPDX-License-Identifier: LGPL-2.1-or-later
// The elements that filter a voice: high-pass, noise suppressor.
#pragma once

#include "core/slice.h"
#include "engine/elements.h"

#include <string>

namespace rostrum {

// Behind a source that plays voice.played without gains: the filters, what they are late made up
// for, the voice's gains, and nothing but what is heard.  The result has a pad "src", on the grid
// of the slice's mix.  Fails with Kind::missing_component.
Result<GstElement*> add_filters(GstElement* bin, GstElement* source, const Voice& voice,
                                const Slice& slice);

// A line for each loaded library behind the elements of such filters, as library_builds() has it.
std::string filter_builds(const VoiceFilter& filter);

// The elements that a plan needs for that and that are not installed, as a sentence that names
// their packages.
Result<void> check_filters(const Plan& plan);

}  // namespace rostrum
