// SPDX-License-Identifier: LGPL-2.1-or-later
// Where an asset of a manifest may be.
#pragma once

#include <string>

namespace rostrum {

// "https" of "https://…", in lower case; "" without "://".
std::string scheme_of(const std::string& uri);
// A path, or a file:, http: or https: URI.
bool is_asset_uri(const std::string& uri);

}  // namespace rostrum
