// SPDX-License-Identifier: LGPL-2.1-or-later
// From an asset's URI to the local file that stands for it, and which files a job may open at all.
#pragma once

#include "core/manifest.h"
#include "engine/media_files.h"

#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

struct AssetOptions {
  std::string base_dir;                    // of the manifest or record; "" = the current folder
  std::vector<std::string> allowed_roots;  // --allow-root
  std::vector<std::string> media_dirs;     // --media: local copies of remote assets, by file name
  std::stop_token stop{};                  // no file is read on; what was found then means nothing
};

struct ResolvedAsset {
  std::string id;
  std::string path;                 // real path of the file chosen; where it should be, if missing
  std::string problem;              // why it cannot be used, a clause; "" = not known yet
  std::string uri;                  // the one of the manifest that `path` stands for
  bool remote = false;              // `uri` is http(s) and `path` its local copy
  std::vector<std::string> others;  // further local files of the same content, in order
};

struct AssetSearch {
  std::vector<ResolvedAsset> assets;  // in the manifest's order; those with a problem below, too
  MediaFiles files;                   // opens them
  Problems problems;                  // what makes the job invalid
};

// Finds the local file of every asset: the URI itself, else the first alternative that is there.
// A file must lie, symbolic links followed, below base_dir or an allowed root; http(s) URIs are
// looked up in the media folders by the last component of their path, where a link must not lead
// out of these or a root.  Each file is opened here for the first time.  A local file that is
// missing is no problem of the job (it is substituted); one whose sha256 is not the declared one, a
// folder, pipe or device has ResolvedAsset::problem.  Reads whole files where a sha256 is declared.
AssetSearch search_assets(const Manifest& manifest, const AssetOptions& options);

// The same; fails with every problem found: paths that leave the roots, ambiguous or absent local
// copies of remote assets, URIs of other schemes.
tl::expected<std::vector<ResolvedAsset>, Problems> resolve_assets(const Manifest& manifest,
                                                                  const AssetOptions& options);

}  // namespace rostrum
