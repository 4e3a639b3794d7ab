// SPDX-License-Identifier: LGPL-2.1-or-later
// One HLS medium from its playlist to a file.
#pragma once

#include "core/layout.h"
#include "net/download.h"

#include <functional>
#include <string>

namespace rostrum {

struct HlsAsset {
  std::string url;   // of its playlist
  std::string path;  // of the file, ends in .mp4; its folder is there
  Size canvas;       // which of several renditions is taken
};

// The same file as Matroska, which it becomes where an MP4 cannot hold its streams.
std::string matroska_path(const std::string& path);

// The path of the whole file.  What is fetched of one that fails or is interrupted stays in a
// hidden folder beside it, and is not fetched again.  `on_progress` is called several times a
// second with the sum of the segments.  Fails as download_all() does.
Result<std::string> fetch_hls(const HlsAsset& asset, const DownloadOptions& options,
                              const std::function<void(const DownloadState&)>& on_progress);

}  // namespace rostrum
