// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/worker_media.h"

#include "engine/worker_process.h"

#include <utility>

namespace rostrum {

Result<std::vector<File>> open_media(ChunkJob& job, const MediaFiles& files, std::size_t before,
                                     Vanished vanished) {
  std::vector<File> media;
  AssetPaths paths;
  for (const auto& [asset, path] : job.paths) {
    auto file = files.open(path);
    if (!file && vanished == Vanished::is_left_out) continue;
    if (!file) return fail(Kind::media, path + ": " + file.error().message);
    paths.emplace(asset, WorkerProcess::path_of_medium(before + media.size()));
    media.push_back(std::move(*file));
  }
  job.paths = std::move(paths);
  return media;
}

}  // namespace rostrum
