// SPDX-License-Identifier: LGPL-2.1-or-later
// An OpenTimelineIO timeline -> manifest.  docs/formats.md describes what becomes of what.
#pragma once

#include "core/import/imported.h"
#include "core/result.h"

#include <string_view>

namespace rostrum {

// Whether the text looks like OpenTimelineIO; it need not be right.
bool is_otio(std::string_view json);

// What export_otio() wrote comes back as it was, but for the URIs: the first place of each asset is
// its uri, the others its alternatives.
tl::expected<Imported, Problems> import_otio(std::string_view json,
                                             const UriRewriter& uri_for = {});

}  // namespace rostrum
