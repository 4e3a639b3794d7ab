// SPDX-License-Identifier: LGPL-2.1-or-later
// Folders of media that are imported as they lie there: slides, media by their names, Zoom.
#pragma once

#include "core/import/slides.h"
#include "core/result.h"
#include "tools/import_formats.h"
#include "tools/job.h"

#include <string>
#include <vector>

namespace rostrum {

const std::vector<ImportFormat>& folder_formats();
bool is_folder_format(const std::string& format);

// Whether a path is a folder that holds media, and no manifest nor log.  Reads names only.
bool is_media_folder(const std::string& path);

struct FolderImport {
  std::string format;              // of folder_formats(); "" = the one that fits
  std::string path;                // the folder
  std::vector<std::string> roots;  // --allow-root
  std::string target;              // folder of the manifest, absolute; "" = the folder itself
  std::string slide_times;         // a file; "" = times.txt or times.csv of the folder
  Nanoseconds slide_length = kUsualSlideLength;
};

// Measures the media, and says what was guessed.  Kind::usage: no such folder, or it is not clear
// what it is; Kind::manifest: it is no such folder; Kind::missing_component: LibreOffice;
// Kind::interrupted.
Result<Job> import_media_folder(const FolderImport& how);

}  // namespace rostrum
