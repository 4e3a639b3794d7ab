// SPDX-License-Identifier: LGPL-2.1-or-later
// What is exported to an editor, and what an export gives.
#pragma once

#include "core/manifest.h"
#include "core/media.h"

#include <map>
#include <string>
#include <vector>

namespace rostrum {

// Where each asset is, by id: absolute URIs, the best first, at least one of each.
using AssetPlaces = std::map<std::string, std::vector<std::string>, std::less<>>;

struct ExportSource {
  const Manifest& manifest;
  const MediaMap& media;
  const AssetPlaces& places;
};

struct Exported {
  std::string text;
  std::vector<std::string> warnings;  // what the format has no word for, a sentence each
};

// The last component of a URI, decoded, on one line: a name for people.
std::string file_title(const std::string& uri);

}  // namespace rostrum
