// SPDX-License-Identifier: LGPL-2.1-or-later
// The only way to the files that a job names: each is found once, below the job's roots, and is
// opened later only as the same file.
#pragma once

#include "engine/file.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace rostrum {

// A handle, copied like a pointer.
class MediaFiles {
 public:
  // Of files that a user or an application has named: any regular file is opened.
  MediaFiles() = default;
  // Of files below these folders (real paths).
  explicit MediaFiles(const std::vector<std::filesystem::path>& roots);

  // Opens a file (a real path) for the first time and remembers which it is.  One thread only, and
  // before open().  The error's message is a clause, like that of open_beneath().
  Result<File> admit(const std::filesystem::path& path);

  // Opens a file that was admitted.  Kind::media if it is there no more, or another has taken its
  // place.  Any thread.
  Result<File> open(const std::string& path) const;
  // The same, or a File without a descriptor, whose link() is no path of anything.
  File open_or_none(const std::string& path) const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // null: any file
};

}  // namespace rostrum
