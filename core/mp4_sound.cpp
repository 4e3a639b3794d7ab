// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_sound.h"

#include "core/mp4_headers.h"

#include <numeric>

namespace rostrum::mp4 {

namespace {

std::uint64_t length(const SoundTrack& track) {
  const auto count = track.sizes.size();
  return count == 0 ? 0 : std::uint64_t{track.duration} * (count - 1) + track.last_duration;
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
  const SoleTrack sole{true, track.timescale, length(track), track.skipped};
  Writer out;
  out.box(fourcc("moov"), [&] {
    out.raw(sole_movie(sole, [&](Writer& w) { write_sample_table(w, track, offset); }));
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
