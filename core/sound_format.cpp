// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sound_format.h"

namespace rostrum {

PacketGrid packet_grid(AudioCodec codec) {
  switch (codec) {
  case AudioCodec::aac:
    // ISO/IEC 14496-3, 4.5.1.1: frameLengthFlag 0. The pre-roll brings the encoder's window and bit
    // reservoir to where they would be, the tail is its look-ahead (measured; docs/rendering.md).
    return {.samples = 1024, .priming = 1024, .pre_roll = 4, .tail = 2};
  case AudioCodec::opus:
    // 20 ms; libopus looks 6.5 ms ahead. At a constant bitrate two runs of it come to the same
    // packets within 45 (measured); RFC 7845, 4.6, asks for 4.
    return {.samples = 960, .priming = 312, .pre_roll = 100, .tail = 1};
  case AudioCodec::flac:
    break;
  }
  return {.samples = 4096, .priming = 0, .pre_roll = 0, .tail = 0};
}

const char* name_of(AudioCodec codec) {
  switch (codec) {
  case AudioCodec::opus:
    return "opus";
  case AudioCodec::flac:
    return "flac";
  case AudioCodec::aac:
    break;
  }
  return "aac";
}

std::optional<AudioCodec> codec_named(std::string_view name) {
  for (const auto codec : {AudioCodec::aac, AudioCodec::opus, AudioCodec::flac})
    if (name == name_of(codec)) return codec;
  return {};
}

std::optional<BitrateRange> bitrates(AudioCodec codec, int channels) {
  switch (codec) {
  case AudioCodec::aac:
    return BitrateRange{32 * channels, 192 * channels};
  case AudioCodec::opus:
    return BitrateRange{24 * channels, 255 * channels};
  case AudioCodec::flac:
    break;
  }
  return {};
}

int usual_bitrate(AudioCodec codec, int channels) {
  switch (codec) {
  case AudioCodec::aac:
    return channels == 1 ? 96 : 128;
  case AudioCodec::opus:
    return channels == 1 ? 64 : 96;
  case AudioCodec::flac:
    break;
  }
  return 0;
}

double codec_peaks(AudioCodec codec) { return codec == AudioCodec::flac ? 0 : 1; }

}  // namespace rostrum
