// SPDX-License-Identifier: LGPL-2.1-or-later
// What is really in a medium, as the prober found it.
#pragma once

#include "core/coded_video.h"
#include "core/sound_clock.h"
#include "core/timeline.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct VideoInfo {
  int width = 0;  // as it is to be seen: square pixels, after rotation
  int height = 0;
  Fraction rate{0, 1};  // 0/1: unknown or variable

  friend bool operator==(const VideoInfo&, const VideoInfo&) = default;
};

struct AudioInfo {
  int rate = 0;
  int channels = 0;
  bool aac_lc = false;  // coded in AAC-LC, in packets of 1024 samples

  friend bool operator==(const AudioInfo&, const AudioInfo&) = default;
};

struct MediaInfo {
  std::string path;  // the local file that was chosen; "" = none
  std::optional<VideoInfo> video;
  std::optional<AudioInfo> audio;
  Nanoseconds duration{
      0};               // of what can be played, from the medium's first timestamp; 0 for pictures
  int pages = 0;        // of a picture (1) or PDF; 0 = not a picture
  std::string problem;  // why it cannot be used; "" = usable
  // How loud each 0.1 s of it is, from its first timestamp on, in tenths of dBFS; empty: not
  // measured (engine/levels.h does).
  std::vector<std::int16_t> levels = {};
  // The same of its loudness, K-weighted, in tenths of LUFS.
  std::vector<std::int16_t> loudness = {};
  // And of its greatest sample, in tenths of dBFS.
  std::vector<std::int16_t> peaks = {};
  std::string note;  // what of it cannot be played though the rest can; "" = all can
  // All of its sound is digital silence; looked for where the job says that there is a voice.
  bool silent = false;
  // Why this file stands for the asset and not the one before it, whose path is `instead_of`.
  std::string instead_of = {};
  std::string why_instead = {};
  // By the container's times, from the medium's first timestamp.
  Interval picture = {};
  Interval sound = {};
  bool counted_times = false;   // the container's times follow from the number of samples
  bool steady_picture = false;  // frames come regularly up to its end, which so is one
  double pace = 1;              // of the sound's samples by its packets' times (pace_of)
  SoundClock clock = {};        // as it is played (settle_clocks); levels are by this clock
  std::string clock_why = {};   // the evidence, a clause; "" = it is its own
  std::optional<CodedVideo> coded = {};  // where its pictures are H.264, listed in one index

  bool usable() const { return problem.empty(); }
  friend bool operator==(const MediaInfo&, const MediaInfo&) = default;
};

using MediaMap = std::map<std::string, MediaInfo, std::less<>>;  // by asset id

}  // namespace rostrum
