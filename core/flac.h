// SPDX-License-Identifier: LGPL-2.1-or-later
// Streams of FLAC (RFC 9639) with a fixed block size: their frames, and how one stream is made of
// several.
#pragma once

#include "core/mp4_box.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace rostrum::flac {

using mp4::Bytes;
using mp4::View;

// What a decoder is told before the first frame (8.2), all frames of one size but the last.
struct StreamInfo {
  std::uint32_t block = 4096;  // samples of a frame
  int rate = 48000;
  int channels = 2;
  int bits = 24;
  std::uint64_t samples = 0;              // 0 = unknown
  std::array<std::uint8_t, 16> md5 = {};  // of the samples, little-endian; zeros = unknown
};

inline constexpr std::size_t kStreamInfoBytes = 34;
Bytes stream_info(const StreamInfo& info);

// The frames of a stream that begins with "fLaC" and counts its frames from 0; nothing when there
// is anything in it that is no whole frame.
std::optional<std::vector<View>> frames_of(View stream);

// The frame with another number, and its checksums set anew.
Bytes numbered(View frame, std::uint64_t number);

}  // namespace rostrum::flac
