// SPDX-License-Identifier: LGPL-2.1-or-later
// A folder of media as its importers see it: names, what was measured, and texts.
#pragma once

#include "core/import/file_names.h"
#include "core/media.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct FolderFile {
  std::string path;  // relative to the folder, with '/'
  FileType type = FileType::other;
  MediaInfo media = {};                                  // of all but FileType::other
  std::optional<std::chrono::sys_seconds> created = {};  // as the medium itself says
  std::string text = {};                                 // of the texts that importers read
};

// When slides are to be shown.
struct SlideTimes {
  std::string name;  // of the file
  std::string text;
};

struct MediaFolder {
  std::string name;
  std::vector<FolderFile> files;  // in natural order
  std::optional<SlideTimes> times = {};
};

}  // namespace rostrum
