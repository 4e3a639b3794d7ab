// SPDX-License-Identifier: LGPL-2.1-or-later
// The film once more, for players that fetch parts of it: each picture and the sound in a
// fragmented MP4 of its own, and playlists (HLS, DASH) that say where what is.
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

struct StreamPlaylist {
  std::string path;
  std::vector<int> renditions = {};  // heights of the pictures besides the film's
};

// The files that belong to playlists of a film, in the order in which they get their names: what
// others name comes first.
std::vector<std::string> stream_paths(const std::vector<StreamPlaylist>& playlists, bool picture);

// The first of the playlists that has the name of a file of another one's parts; "" = there is
// none.
std::string playlist_of_a_part(const std::vector<StreamPlaylist>& playlists, bool picture);

// Those that hold the rendition of that height, one for each name of a playlist.
std::vector<std::string> rendition_paths(const std::vector<StreamPlaylist>& playlists, int height);

// All of them under temporary names, until they are whole.
class StreamFiles {
 public:
  // `suffix` and the first `index` are those of TemporaryFile.
  StreamFiles(const std::vector<StreamPlaylist>& playlists, bool picture, const std::string& suffix,
              int index);

  bool empty() const { return playlists_.empty(); }
  // Writes picture and sound of the finished film.  Errors as write_fragmented().
  Result<void> write_film(const std::string& film, const Plan& plan, const std::stop_token& stop);
  // Then each rendition's picture.  Kind::verification where its segments are not the film's.
  Result<void> write_rendition(const PlannedRendition& rendition, const std::string& film,
                               const Plan& plan, const std::stop_token& stop);
  // Then what names them.
  Result<void> write_playlists(const Plan& plan);
  Result<void> commit();

 private:
  struct Source;
  static Result<Source> open(const std::string& film, const Plan& plan);
  Result<void> write_file(const Source& source, const std::string& stem, bool picture,
                          const std::stop_token& stop);
  StreamedFilm described(const StreamPlaylist& playlist, const Plan& plan) const;
  std::string temporary(const std::string& path) const { return files_.find(path)->second->path(); }

  const std::vector<StreamPlaylist> playlists_;
  const bool picture_;
  const std::vector<std::string> paths_;
  std::map<std::string, std::unique_ptr<TemporaryFile>> files_;
  std::map<std::string, StreamFile> written_;  // by their paths without the ending
};

}  // namespace rostrum
