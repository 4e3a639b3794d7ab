// SPDX-License-Identifier: LGPL-2.1-or-later
// MTS Link (webinar.ru) record JSON -> manifest.  docs/formats.md describes the format.
#pragma once

#include "core/manifest.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

struct Imported {
  Manifest manifest;
  std::vector<std::string> warnings;  // one sentence each, in the order of the log
};

// Whether the text looks like a record: a JSON object with "eventLogs".
bool is_mtslink(std::string_view json);

// `uri_for` rewrites each medium's URL before it is stored (the tool makes file: URLs below the
// record's folder relative); pass {} to keep them.  A record without any medium gives a manifest
// without clips.
tl::expected<Imported, Problems> import_mtslink(
    std::string_view json, const std::function<std::string(const std::string&)>& uri_for = {});

}  // namespace rostrum
