// SPDX-License-Identifier: LGPL-2.1-or-later
// The part of a manifest that says who is shown where.
#pragma once

#include "core/json_reader.h"
#include "core/manifest.h"

#include <string>

namespace rostrum {

// Reads the keys of "layout" into the manifest, whose canvas and people have been read.
void read_layout(ObjectReader& reader, Manifest& manifest);

// Reads "scenes", after the layout and the tracks.
void read_scenes(const Json& list, const std::string& pointer, Findings& findings,
                 Manifest& manifest);

// Reads the places of a custom layout.
CustomLayout read_custom(const Json& list, const std::string& pointer, Findings& findings,
                         const Manifest& manifest);

}  // namespace rostrum
