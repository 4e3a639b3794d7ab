// SPDX-License-Identifier: LGPL-2.1-or-later
// The film once more, for players that fetch parts of it: picture and sound in a fragmented MP4
// each, and playlists (HLS, DASH) that say where what is.
#pragma once

#include "core/plan.h"
#include "core/streaming.h"
#include "tools/output_file.h"

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// The files that belong to playlists of a film, in the order in which they get their names: what
// others name comes first.
std::vector<std::string> stream_paths(const std::vector<std::string>& playlists, bool picture);

// All of them under temporary names, until they are whole.
class StreamFiles {
 public:
  // `suffix` and the first `index` are those of TemporaryFile.
  StreamFiles(const std::vector<std::string>& playlists, bool picture, const std::string& suffix,
              int index);

  // Writes them from the finished film.  Errors as write_fragmented().
  Result<void> write(const std::string& film, const Plan& plan, const std::stop_token& stop);
  Result<void> commit();

 private:
  Result<void> write_playlists(const std::string& playlist, const StreamedFilm& film);
  std::string temporary(const std::string& path) const { return files_.find(path)->second->path(); }

  const std::vector<std::string> playlists_;  // in order
  const bool picture_;
  const std::vector<std::string> paths_;
  std::map<std::string, std::unique_ptr<TemporaryFile>> files_;
};

}  // namespace rostrum
