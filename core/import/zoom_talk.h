// SPDX-License-Identifier: LGPL-2.1-or-later
// Who speaks when, as a Zoom recording's timeline or transcript says it.  Internal to its importer.
#pragma once

#include "core/findings.h"
#include "core/timeline.h"

#include <string>
#include <string_view>
#include <vector>

namespace rostrum::zoom {

struct Talk {
  std::string name;  // as it is shown, on one line
  Interval when;     // since the session's beginning
};

// "timeline": [{"ts": "00:00:01.500", "users": [{"username": "Anna", …}, …]}, …]: who speaks from
// `ts` on until the next entry; the last one until `end`.
tl::expected<std::vector<Talk>, Problems> read_timeline(std::string_view json, Nanoseconds end);

// WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format") whose cues begin "Name: …".
tl::expected<std::vector<Talk>, Problems> read_transcript(std::string_view vtt);

}  // namespace rostrum::zoom
