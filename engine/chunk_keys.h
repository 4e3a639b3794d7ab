// SPDX-License-Identifier: LGPL-2.1-or-later
// The keys of a render's chunks: what is the same for two chunks under one key is all that decides
// their bytes.
#pragma once

#include "core/chunk_job.h"
#include "engine/media_files.h"

#include <map>
#include <string>

namespace rostrum {

class ChunkKeys {
 public:
  // `builds` are those of what renders the jobs, as renderer_builds() has them; `files` opens the
  // jobs' inputs.
  explicit ChunkKeys(const std::string& builds, MediaFiles files = {});

  // SHA-256 of the recipe, the versions of what renders it and the fingerprints of its inputs, hex.
  // The encoder counts only where there is a picture, and the fonts that draw its texts.
  std::string of(const ChunkJob& job);

 private:
  const std::string& fingerprint_of(const std::string& path, const MediaFiles& files);
  std::string fonts(const Slice& slice);
  std::string filters(const Slice& slice);

  MediaFiles files_;
  std::string versions_;                             // the same for all chunks
  std::map<std::string, std::string> fingerprints_;  // by path, each computed once
  std::map<std::string, std::string> fonts_;         // by text
  std::map<int, std::string> filters_;               // builds, by which filters there are
};

}  // namespace rostrum
