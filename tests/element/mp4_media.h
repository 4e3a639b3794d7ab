// SPDX-License-Identifier: LGPL-2.1-or-later
// MP4 files made while the test runs: a moving picture, and noise whose every sample is known.
#pragma once

#include "core/timeline.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rostrum::test {

// A folder that is removed with its contents.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct MovieSpec {
  int frames = 75;
  Fraction rate{25, 1};
  std::int64_t samples = 144000;  // of mono sound at 48 kHz; 0 = none
  Nanoseconds audio_start{0};
  int left_out = -1;  // this frame is not encoded: a hole in the timestamps
};

// Writes what a render hands to the finishing pass: H.264 High with B-frames and AAC by mp4mux with
// faststart=false.  False when the pipeline failed.
bool make_movie(const std::string& path, const MovieSpec& spec);

// The sound of make_movie(), before it was encoded.
std::vector<std::int16_t> noise(std::int64_t samples);

// By how many samples `heard` is late against `meant` around a position; the best match within
// +-3000.
int lag_at(const std::vector<std::int16_t>& heard, const std::vector<std::int16_t>& meant,
           std::int64_t position);

// The sound of a file as GStreamer plays it.
std::vector<std::int16_t> decode_sound(const std::string& path);
// The PTS of every video frame as GStreamer plays it.
std::vector<Nanoseconds> decode_frames(const std::string& path);

// What a command prints; fails the test when it does not succeed.
std::string output_of(const std::string& command);
bool have_ffmpeg();

}  // namespace rostrum::test
