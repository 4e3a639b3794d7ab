// SPDX-License-Identifier: LGPL-2.1-or-later
// Which builds of libraries decode and compose what a worker renders.
#pragma once

#include <string>

namespace rostrum {

// As library_builds() has them.  Loads the libraries, which take 25 MB.
std::string renderer_builds();

// The same, as the command `builds` of the program says it, so that this process need not load them
// unless that is killed.  Blocks for up to 5 s.
std::string renderer_builds_of(const std::string& program);

}  // namespace rostrum
