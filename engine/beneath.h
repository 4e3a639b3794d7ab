// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens files below a folder and nowhere else, whoever renames or links what meanwhile.
#pragma once

#include "engine/file.h"

#include <string>

namespace rostrum {

enum class Beneath {
  kernel,  // openat2(2) keeps the whole path below the folder
  walk,    // component by component, for a kernel without it
};

// What this kernel can do.
Beneath best_beneath();

// For open_beneath(); a File without a descriptor if it cannot be opened.
File open_folder(const std::string& path);

// Opens a regular file to read.  `inside` is relative to the folder; neither ".." nor a symbolic
// link is followed, so it has to be a real path.  What is no regular file is looked at without
// being opened.  The error's message is a clause: "it is missing", "it is a pipe, not a file".
Result<File> open_beneath(const File& folder, const std::string& inside,
                          Beneath how = best_beneath());

}  // namespace rostrum
