// SPDX-License-Identifier: LGPL-2.1-or-later
// The folder of a recording's chunks.  One process at a time has it: who records, or who makes the
// film of what was left.
#pragma once

#include "core/result.h"
#include "engine/file.h"

#include <cstddef>
#include <string>

namespace rostrum {

class RecordingFolder {
 public:
  // A new one.  Kind::usage where there is one already, or none can be made.
  static Result<RecordingFolder> make(const std::string& path, const std::string& title);
  // One that was left.  Kind::usage where there is none, or somebody has it.
  static Result<RecordingFolder> open(const std::string& path);

  const std::string& path() const { return path_; }
  // Of the film.
  std::string title() const;
  // Whether a path is below it.
  bool holds(const std::string& path) const;
  // That are whole, by the journal.
  std::size_t chunks() const;
  // Takes away what the recording has written, and the folder unless something else is in it.
  void remove();

 private:
  RecordingFolder(std::string path, File lock) : path_{std::move(path)}, lock_{std::move(lock)} {}

  std::string path_;
  File lock_;
};

// A clause that says how.
std::string how_to_finish(const std::string& folder);

}  // namespace rostrum
