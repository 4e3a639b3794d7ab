// SPDX-License-Identifier: LGPL-2.1-or-later
// MTS Link (webinar.ru) record JSON -> manifest.  docs/formats.md describes the format.
#pragma once

#include "core/import/imported.h"
#include "core/result.h"

#include <string_view>

namespace rostrum {

// Whether the text looks like a record: a JSON object with "eventLogs".
bool is_mtslink(std::string_view json);

// A record without any medium gives a manifest without clips.
tl::expected<Imported, Problems> import_mtslink(std::string_view json,
                                                const UriRewriter& uri_for = {});

}  // namespace rostrum
