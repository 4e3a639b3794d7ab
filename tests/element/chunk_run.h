// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs pipelines with chunksink, and looks into what they wrote.
#pragma once

#include "core/chunk_journal.h"
#include "harness.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rostrum::test {

// A folder of its own that disappears with its content.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  // All names in it, sorted, without the journal.
  std::vector<std::string> names() const;
  std::vector<ChunkRecord> journal(const std::string& location) const;

 private:
  std::filesystem::path path_;
};

GstPtr<GstElement> launch(const std::string& line);

// What a pipeline said until EOS, error or a stop by the callback.
struct Run {
  bool eos = false;
  std::string error;                // text of the first error
  std::string error_source;         // factory of the element that posted it
  std::vector<ChunkRecord> chunks;  // from the messages; `file` is the location
};

// Plays it and waits; the callback (if any) returns false to stop waiting after a chunk.
Run play(GstElement* pipeline, const std::function<bool(const ChunkRecord&)>& go_on = {});
// The same with a pipeline of its own, taken down at the end.
Run play(const std::string& line);

// Counts and compares decoded pictures: their checksums in order of presentation.
using Pictures = std::vector<std::string>;
Pictures pictures(const std::string& launch_line_to_raw_video);
Pictures pictures_of(const std::string& file);
// PTS (ns) of the packets of one demuxer pad ("video_0", "audio_0") of an MP4.
std::vector<GstClockTime> packets_of(const std::string& file, const char* pad);

}  // namespace rostrum::test
