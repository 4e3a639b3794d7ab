// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/folder_assets.h"

#include "core/import/file_names.h"

namespace rostrum {

const std::string& FolderAssets::id_of(const std::string& path, std::string_view prefix) {
  const auto [known, added] = known_.try_emplace(path);
  if (added) {
    known->second = ids_.make(prefix, stem_of(path));
    manifest_.assets.push_back({known->second, uri_for_ ? uri_for_(path) : path, {}, {}});
  }
  return known->second;
}

}  // namespace rostrum
