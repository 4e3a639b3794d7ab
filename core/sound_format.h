// SPDX-License-Identifier: LGPL-2.1-or-later
// How the sound of a programme is coded.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rostrum {

enum class AudioCodec { aac, opus, flac };

struct SoundFormat {
  AudioCodec codec = AudioCodec::aac;
  int channels = 2;   // 1 or 2
  int bitrate = 128;  // kbit/s; 0 of FLAC

  friend bool operator==(const SoundFormat&, const SoundFormat&) = default;
};

// The packets of a codec at 48 kHz, and what joins separately encoded runs of them.
struct PacketGrid {
  std::int64_t samples = 0;   // of one packet
  std::int64_t priming = 0;   // that the encoder puts before the sound
  std::int64_t pre_roll = 0;  // packets before the first kept one
  std::int64_t tail = 0;      // packets after the last kept one

  // How many packets the encoder makes of so many samples.
  std::int64_t packets(std::int64_t count) const {
    return (count + priming + samples - 1) / samples;
  }
};

PacketGrid packet_grid(AudioCodec codec);

const char* name_of(AudioCodec codec);
std::optional<AudioCodec> codec_named(std::string_view name);

struct BitrateRange {
  int least = 0;  // kbit/s
  int most = 0;
};
// Nothing for a codec without loss, whose bitrate cannot be chosen.
std::optional<BitrateRange> bitrates(AudioCodec codec, int channels);
int usual_bitrate(AudioCodec codec, int channels);

// By how much the codec may move a peak, in dB: the limiter stays that much lower.
double codec_peaks(AudioCodec codec);

}  // namespace rostrum
