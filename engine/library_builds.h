// SPDX-License-Identifier: LGPL-2.1-or-later
// Exactly which builds of shared libraries this process uses.
#pragma once

#include <initializer_list>
#include <string>

namespace rostrum {

// A line "name build-id" for each loaded library whose file name begins with one of the prefixes,
// sorted.  The build ID is the linker's hash of the library's content (ELF note NT_GNU_BUILD_ID);
// "" where there is none.
std::string library_builds(std::initializer_list<const char*> prefixes);

}  // namespace rostrum
