// SPDX-License-Identifier: LGPL-2.1-or-later
// What lies beside a recording's log.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace rostrum {

// The files in these folders of `base` and below them, as paths relative to `base`.  Links to
// folders are not followed; what cannot be read is left out, and so is what is deeper or more than
// a recording has.
std::vector<std::string> recording_files(const std::filesystem::path& base,
                                         std::span<const char* const> folders);

// The files of a folder of media, and those one folder deeper, as paths relative to `base`.  What
// is hidden is left out, and so are folders that this program makes (NAME.rostrum, NAME.slides).
std::vector<std::string> media_folder_files(const std::filesystem::path& base);

}  // namespace rostrum
