// SPDX-License-Identifier: LGPL-2.1-or-later
// The assets of a job that is made of a folder of media: one for each file.
#pragma once

#include "core/import/ids.h"
#include "core/import/imported.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace rostrum {

class FolderAssets {
 public:
  FolderAssets(Manifest& manifest, const UriRewriter& uri_for)
      : manifest_{manifest}, uri_for_{uri_for} {}

  // The id of the file's asset, which is made at first sight.
  const std::string& id_of(const std::string& path, std::string_view prefix);

 private:
  Manifest& manifest_;
  const UriRewriter& uri_for_;
  Ids ids_;
  std::unordered_map<std::string, std::string> known_;  // path -> id
};

}  // namespace rostrum
