// SPDX-License-Identifier: LGPL-2.1-or-later
// A media package of Opencast -> manifest.  docs/formats.md describes the format.
#pragma once

#include "core/import/imported.h"
#include "core/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rostrum {

// Whether the text looks like a media package; it need not be a right one.
bool is_opencast(std::string_view xml);

// The URIs of the catalogs that the import wants to read, as the package has them.
std::vector<std::string> opencast_catalogs(std::string_view xml);

// `catalogs`: their texts by URI; one that is not there is a warning.
tl::expected<Imported, Problems> import_opencast(
    std::string_view xml, const std::map<std::string, std::string, std::less<>>& catalogs,
    const UriRewriter& uri_for = {});

}  // namespace rostrum
