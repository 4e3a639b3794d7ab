// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound of AAC in an MP4 whose index says all that a demuxer would find out, so that its packets
// can be read without one.
#pragma once

#include "core/mp4_box.h"
#include "core/timeline.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rostrum::mp4 {

// Which of a track's own time is heard, and when.
struct Heard {
  Nanoseconds from{0};  // track's own time
  Nanoseconds to = kNoTime;
  Nanoseconds at{0};  // medium's time of `from`
};

// Packets that follow each other in the file.
struct PacketsInFile {
  std::uint64_t offset = 0;
  std::size_t first = 0;  // number of the first
  std::size_t count = 0;
  std::size_t bytes = 0;
};

// The only sound of a medium: AAC-LC of one or two channels, in packets of 1024 samples.
class AacTrack {
 public:
  // Of the body of a movie box.  Nothing where there is more to it than this class can tell:
  // several sounds, fragments, other codings, several edits, a sound that begins late beside a
  // picture or inside a packet, packets beyond the file's end, what players know of other tables.
  static std::optional<AacTrack> find(View moov, std::uint64_t file_size);

  const Bytes& config() const { return config_; }  // AudioSpecificConfig
  int rate() const { return rate_; }
  int channels() const { return channels_; }
  const Heard& heard() const { return heard_; }
  // Of the medium's time, in that of `heard`: when its first picture or sound begins.
  Nanoseconds zero() const { return std::max(heard_.at, Nanoseconds{0}); }

  std::size_t packets() const { return sizes_.size(); }
  std::size_t size(std::size_t packet) const { return sizes_[packet]; }
  // When a packet begins, in the track's own time, rounded down; packets() is allowed.
  Nanoseconds start(std::size_t packet) const;
  // The last packet that begins at or before a time of the track's own.
  std::size_t packet_at(Nanoseconds time) const;
  // From that packet on, at most so many bytes but at least one packet.
  PacketsInFile run_from(std::size_t packet, std::size_t bytes) const;

 private:
  struct Chunk {
    std::uint64_t offset = 0;
    std::size_t first = 0;  // packet
  };
  // Packets that are equally far apart.
  struct Run {
    std::uint64_t start = 0;  // of the first, ticks
    std::uint32_t first = 0;  // packet
    std::uint32_t step = 0;   // ticks
  };
  bool read_coding(View trak, View moov);
  bool read_sizes(View stbl);
  bool read_times(View stbl);
  bool read_chunks(View stbl, std::uint64_t file_size);

  Bytes config_;
  std::uint32_t timescale_ = 0;
  int rate_ = 0;
  int channels_ = 0;
  Heard heard_;
  std::vector<std::uint32_t> sizes_;
  std::vector<Chunk> chunks_;
  std::vector<Run> times_;
};

}  // namespace rostrum::mp4
