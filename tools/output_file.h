// SPDX-License-Identifier: LGPL-2.1-or-later
// Files that appear under their name only when they are whole.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// A hidden file beside `target`, removed on destruction, at a second Ctrl-C, or taken by commit().
// Its name is target and suffix, every time, so that the next one removes what a killed process
// left; who writes large ones holds a lock that goes with the suffix.
class TemporaryFile {
 public:
  // `index`, another for each that is there at once: its place among the files that a second Ctrl-C
  // removes.
  TemporaryFile(const std::string& target, const std::string& suffix, int index);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  // fsync, rename to the target, fsync of the folder.
  Result<void> commit();
  void remove();

 private:
  std::string target_;
  std::string path_;
  int index_;
};

struct OutputCheck {
  bool overwrite = false;
  double bytes = 0;                  // that it takes, about
  std::vector<std::string> sources;  // files that are read, and must not be replaced
};

// Whether OUT can be written: its folder is there and writable, it is none of the sources and
// nothing but a regular file, it does not exist or may be replaced, its temporary name is not too
// long, and about `bytes` are free.
Result<void> check_output(const std::string& path, const OutputCheck& check);

// A file as others in its folder name it: percent-encoded.
std::string uri_of(const std::string& path);

Result<void> write_whole_file(const std::string& path, std::string_view text);

}  // namespace rostrum
