// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sound_encoders.h"

#include "core/mp4_sound.h"
#include "engine/file.h"
#include "engine/target_file.h"

namespace rostrum {

namespace {

// Noise would not be the same in two runs.
constexpr char kConvert[] = "audioconvert dithering=none noise-shaping=none ! ";

// Of the last frame: what the others leave.
std::uint32_t last_block(const ChunkJob& job, std::size_t frames, std::int64_t block) {
  const auto length = job.slice.sound.to - job.slice.sound.from;
  const auto samples = scale_round(length.count(), kSampleRate, 1'000'000'000);
  return static_cast<std::uint32_t>(samples - static_cast<std::int64_t>(frames - 1) * block);
}

}  // namespace

std::string describe_sound_encoder(const SoundFormat& format) {
  const auto bitrate = std::to_string(format.bitrate * 1000);
  switch (format.codec) {
  case AudioCodec::opus:
    // A variable bitrate depends on all that came before, and two runs would never meet.
    return std::string{kConvert} + "opusenc frame-size=20 bitrate-type=cbr bitrate=" + bitrate;
  case AudioCodec::flac:
    return std::string{kConvert} + "audio/x-raw,format=S24LE ! flacenc quality=5 blocksize=" +
           std::to_string(packet_grid(AudioCodec::flac).samples) +
           " streamable-subset=true seekpoints=0";
  case AudioCodec::aac:
    break;
  }
  // The quick search for quantizers takes half the time and is as near to the original
  // (docs/sound.md, "Outputs").
  return "audioconvert ! avenc_aac aac-coder=fast bitrate=" + bitrate + " ! aacparse";
}

Result<void> wrap_flac(const ChunkJob& job) {
  const auto damaged = [&](const char* what) {
    return fail(Kind::internal, job.output + ": " + what);
  };
  mp4::Bytes stream;
  {
    const auto file = File::open_to_read(job.output);
    if (!file) return tl::unexpected(file.error());
    stream = file->read(0, file->size());
  }
  const auto frames = flac::frames_of(stream);
  if (!frames || frames->empty()) return damaged("is no whole stream of FLAC");
  const auto block = packet_grid(AudioCodec::flac).samples;
  mp4::SoundTrack track;
  track.entry = mp4::flac_entry({.channels = job.slice.format.channels});
  track.duration = static_cast<std::uint32_t>(block);
  track.last_duration = last_block(job, frames->size(), block);
  if (track.last_duration == 0 || track.last_duration > block)
    return damaged("has not the frames that it must have");
  const auto type = mp4::sound_file_type();
  mp4::Writer payload;
  payload.box(mp4::fourcc("mdat"), [&] {
    auto number = static_cast<std::uint64_t>(job.first_block);
    for (const auto& frame : *frames) {
      const auto bytes = flac::numbered(frame, number++);
      track.sizes.push_back(static_cast<std::uint32_t>(bytes.size()));
      payload.raw(bytes);
    }
  });
  TargetFile out{job.output};
  return out.write(type)
      .and_then([&] { return out.write(payload.bytes()); })
      .and_then([&] { return out.write(mp4::sound_movie(track, type.size() + 8)); })
      .and_then([&] { return out.keep(); });
}

}  // namespace rostrum
