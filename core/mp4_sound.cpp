// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_sound.h"

#include <numeric>

namespace rostrum::mp4 {

namespace {

constexpr std::uint32_t kMatrix[] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
constexpr std::uint32_t kTrackId = 1;
constexpr std::uint32_t kEnabled = 3;  // and in the movie

std::uint64_t length(const SoundTrack& track) {
  const auto count = track.sizes.size();
  return count == 0 ? 0 : std::uint64_t{track.duration} * (count - 1) + track.last_duration;
}

// 8.2.2
void write_movie_header(Writer& out, const SoundTrack& track) {
  out.full_box(fourcc("mvhd"), 1, 0, [&] {
    out.zeros(16);
    out.u32(track.timescale);
    out.u64(length(track));
    out.u32(0x10000);
    out.u16(0x100);
    out.zeros(10);
    for (const auto value : kMatrix) out.u32(value);
    out.zeros(24);
    out.u32(kTrackId + 1);
  });
}

// 8.3.2
void write_track_header(Writer& out, const SoundTrack& track) {
  out.full_box(fourcc("tkhd"), 1, kEnabled, [&] {
    out.zeros(16);
    out.u32(kTrackId);
    out.zeros(4);
    out.u64(length(track));
    out.zeros(12);
    out.u16(0x100);  // volume
    out.zeros(2);
    for (const auto value : kMatrix) out.u32(value);
    out.zeros(8);
  });
}

// 8.6.6
void write_edit(Writer& out, const SoundTrack& track) {
  out.box(fourcc("edts"), [&] {
    out.full_box(fourcc("elst"), 1, 0, [&] {
      out.u32(1);
      out.u64(length(track) - track.skipped);
      out.u64(track.skipped);
      out.u32(0x10000);
    });
  });
}

// 8.6.1.2, 8.7.3 to 8.7.5: one chunk of all packets.
void write_sample_table(Writer& out, const SoundTrack& track, std::uint64_t offset) {
  const auto count = track.sizes.size();
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    out.u32(1);
    out.raw(track.entry);
  });
  out.full_box(fourcc("stts"), 0, 0, [&] {
    out.u32(2);
    out.u32(count - 1);
    out.u32(track.duration);
    out.u32(1);
    out.u32(track.last_duration);
  });
  out.full_box(fourcc("stsz"), 0, 0, [&] {
    out.u32(0);
    out.u32(count);
    for (const auto size : track.sizes) out.u32(size);
  });
  out.full_box(fourcc("stsc"), 0, 0, [&] {
    for (const std::uint64_t field :
         {std::uint64_t{1}, std::uint64_t{1}, std::uint64_t{count}, std::uint64_t{1}})
      out.u32(field);
  });
  out.full_box(fourcc("co64"), 0, 0, [&] {
    out.u32(1);
    out.u64(offset);
  });
}

void write_media(Writer& out, const SoundTrack& track, std::uint64_t offset) {
  out.full_box(fourcc("mdhd"), 1, 0, [&] {
    out.zeros(16);
    out.u32(track.timescale);
    out.u64(length(track));
    out.u16(0x55c4);  // language: undetermined
    out.zeros(2);
  });
  out.full_box(fourcc("hdlr"), 0, 0, [&] {
    out.zeros(4);
    out.text("soun");
    out.zeros(12);
    out.text("SoundHandler");
    out.zeros(1);
  });
  out.box(fourcc("minf"), [&] {
    out.full_box(fourcc("smhd"), 0, 0, [&] { out.zeros(4); });
    out.box(fourcc("dinf"), [&] {
      out.full_box(fourcc("dref"), 0, 0, [&] {
        out.u32(1);
        out.full_box(fourcc("url "), 0, 1, [] {});
      });
    });
    out.box(fourcc("stbl"), [&] { write_sample_table(out, track, offset); });
  });
}

// 12.2.3
template <typename Inside>
Bytes entry(FourCc type, int channels, int bits, int rate, Inside inside) {
  Writer out;
  out.box(type, [&] {
    out.zeros(6);
    out.u16(1);  // data reference
    out.zeros(8);
    out.u16(static_cast<std::uint64_t>(channels));
    out.u16(static_cast<std::uint64_t>(bits));
    out.zeros(4);
    out.u32(static_cast<std::uint64_t>(rate) << 16);
    inside(out);
  });
  return out.release();
}

}  // namespace

Bytes sound_file_type() {
  Writer out;
  out.box(fourcc("ftyp"), [&] {
    out.text("isom");
    out.u32(0x200);
    out.text("isomiso2");
  });
  return out.release();
}

Bytes sound_movie(const SoundTrack& track, std::uint64_t offset) {
  Writer out;
  out.box(fourcc("moov"), [&] {
    write_movie_header(out, track);
    out.box(fourcc("trak"), [&] {
      write_track_header(out, track);
      write_edit(out, track);
      out.box(fourcc("mdia"), [&] { write_media(out, track, offset); });
    });
  });
  return out.release();
}

// ISO/IEC 14496-1, 7.2.6: descriptors 3 (stream), 4 (decoder), 5 (its configuration) and 6.
Bytes aac_entry(View config, int channels, int rate) {
  return entry(fourcc("mp4a"), channels, 16, rate, [&](Writer& out) {
    const auto size = config.size();
    out.full_box(fourcc("esds"), 0, 0, [&] {
      out.u8(3);
      out.u8(3 + 2 + 13 + 2 + size + 3);
      out.zeros(3);
      out.u8(4);
      out.u8(13 + 2 + size);
      out.u8(0x40);  // AAC
      out.u8(0x15);  // sound
      out.zeros(11);
      out.u8(5);
      out.u8(size);
      out.raw(config);
      out.u8(6);
      out.u8(1);
      out.u8(2);
    });
  });
}

// "Encapsulation of FLAC in ISO Base Media File Format", 3.3.
Bytes flac_entry(const flac::StreamInfo& info) {
  return entry(fourcc("fLaC"), info.channels, info.bits, info.rate, [&](Writer& out) {
    out.full_box(fourcc("dfLa"), 0, 0, [&] {
      out.u32(0x80000000U | flac::kStreamInfoBytes);
      out.raw(flac::stream_info(info));
    });
  });
}

}  // namespace rostrum::mp4
