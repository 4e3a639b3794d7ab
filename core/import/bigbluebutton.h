// SPDX-License-Identifier: LGPL-2.1-or-later
// A BigBlueButton recording's events.xml and the files beside it -> manifest.  docs/formats.md
// describes the format.
#pragma once

#include "core/import/imported.h"
#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// The folders beside events.xml in which a recording's files lie.
inline constexpr const char* kBigBlueButtonFolders[] = {"audio", "video", "deskshare",
                                                        "presentation", "presentations"};

// Whether the text looks like an event log of BigBlueButton; it need not be a right one.
bool is_bigbluebutton(std::string_view xml);

// `files`: what lies in those folders, as paths relative to events.xml's.  A file that the log
// names and that is not among them becomes an asset that is missing.
tl::expected<Imported, Problems> import_bigbluebutton(std::string_view xml,
                                                      const std::vector<std::string>& files,
                                                      const UriRewriter& uri_for = {});

}  // namespace rostrum
