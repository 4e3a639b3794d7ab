// SPDX-License-Identifier: LGPL-2.1-or-later
// The folder of a Zoom recording, local or from the cloud -> manifest.  docs/formats.md describes
// the files.
#pragma once

#include "core/import/imported.h"
#include "core/import/media_folder.h"
#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// The folder below a local recording's that holds everybody's sound.
inline constexpr char kZoomVoices[] = "Audio Record";

// Whether files of these names, relative to their folder, are a recording of Zoom.
bool is_zoom(const std::vector<std::string>& paths);
// Whether the importer reads the text of a file of that name.
bool is_zoom_text(std::string_view path);

tl::expected<Imported, Problems> import_zoom(const MediaFolder& folder,
                                             const UriRewriter& uri_for = {});

}  // namespace rostrum
