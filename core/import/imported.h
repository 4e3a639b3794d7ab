// SPDX-License-Identifier: LGPL-2.1-or-later
// What an importer makes of a recording.
#pragma once

#include "core/manifest.h"

#include <functional>
#include <string>
#include <vector>

namespace rostrum {

struct Imported {
  Manifest manifest;
  std::vector<std::string> warnings;    // one sentence each, in the order of the log
  std::vector<std::string> notes = {};  // what was guessed, and why
};

// Rewrites a medium's URI before it is stored (the tool makes those below the record's folder
// relative to the manifest's); {} keeps them.
using UriRewriter = std::function<std::string(const std::string&)>;

}  // namespace rostrum
