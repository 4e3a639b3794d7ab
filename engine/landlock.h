// SPDX-License-Identifier: LGPL-2.1-or-later
// Landlock (Linux 5.13): which files a process may open from now on.
#pragma once

#include "engine/file.h"

#include <string>
#include <vector>

namespace rostrum {

// What may be opened; what is not there is passed over.
struct FileRules {
  std::vector<std::string> read;       // files and folders, with all below; programs there may run
  std::vector<std::string> write;      // folders in which files may be made, read and removed
  std::vector<std::string> devices;    // read, written and controlled
  std::vector<int> reopened;           // descriptors, whose files may be opened again to read
  std::vector<std::string> work = {};  // as `write`; folders may be made, too, and files moved
  bool listens = false;                // on local sockets, which it makes in `work`
};

class LandlockRuleset {
 public:
  // The version of the interface; 0 where the kernel has none, or it is switched off.
  static int abi();

  explicit LandlockRuleset(const FileRules& rules);
  // For this thread, which must have no_new_privs set, and all that it starts.  True also where
  // there is no Landlock, false where there is and the rules could not be made.
  // Async-signal-safe.
  bool enter() const noexcept;

 private:
  bool supported_ = false;
  File ruleset_;
};

}  // namespace rostrum
