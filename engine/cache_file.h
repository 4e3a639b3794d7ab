// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace rostrum {

// Puts a text whole under a name into a folder of the user's cache, which is made if need be: two
// renders may do so at once.  A cache that cannot be written is no error: the next run finds out
// again.
void store_cache_file(const std::string& folder, const std::string& name, const std::string& text);

}  // namespace rostrum
