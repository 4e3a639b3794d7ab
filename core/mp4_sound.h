// SPDX-License-Identifier: LGPL-2.1-or-later
// A movie box of one track of sound, for packets that no muxer of GStreamer 1.22 takes or keeps as
// they are.
#pragma once

#include "core/flac.h"
#include "core/mp4_box.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace rostrum::mp4 {

struct SoundTrack {
  Bytes entry;  // sample entry, a whole box
  std::uint32_t timescale = 48000;
  std::uint32_t duration = 0;        // of each packet
  std::uint32_t last_duration = 0;   // of the last one
  std::vector<std::uint32_t> sizes;  // of the packets, which follow each other
  std::uint64_t skipped = 0;         // samples before the sound begins
};

// 14496-12, 4.3: of a file that only this program reads.
Bytes sound_file_type();

// The whole box; `offset`: of the first packet in the file.
Bytes sound_movie(const SoundTrack& track, std::uint64_t offset);

// Sample entries: of AAC (ISO/IEC 14496-14) with its AudioSpecificConfig, and of FLAC.
Bytes aac_entry(View config, int channels, int rate);
Bytes flac_entry(const flac::StreamInfo& info);

// The AudioSpecificConfig of the first track of AAC; nothing where there is none.  `moov` is the
// body of the box.
std::optional<Bytes> aac_config(View moov);

}  // namespace rostrum::mp4
