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

namespace {

// ISO/IEC 14496-1, 7.2.6: the body of an expandable descriptor; its size comes in groups of 7 bits.
View descriptor(View bytes, std::uint8_t tag) {
  Reader r{bytes};
  if (r.u8() != tag) return {};
  std::size_t size = 0;
  std::uint8_t byte = 0x80;
  for (int i = 0; i < 4 && (byte & 0x80) != 0; ++i) {
    byte = r.u8();
    size = size << 7 | (byte & 0x7f);
  }
  return r.ok() && size <= r.left() ? r.take(size) : View{};
}

}  // namespace

std::optional<Bytes> aac_config(View moov) {
  constexpr std::size_t kEntry = 28;    // fields of a sample entry (14496-12, 12.2.3)
  constexpr std::size_t kStream = 3;    // of an ES_Descriptor, without options
  constexpr std::size_t kDecoder = 13;  // of a DecoderConfigDescriptor
  for (const Box& trak : children(moov).value_or(std::vector<Box>{})) {
    const auto stsd =
        trak.type == fourcc("trak")
            ? find(trak.body, {fourcc("mdia"), fourcc("minf"), fourcc("stbl"), fourcc("stsd")})
            : std::nullopt;
    const auto entries =
        stsd && stsd->body.size() > 8 ? children(stsd->body.subspan(8)) : std::nullopt;
    if (!entries || entries->size() != 1 || entries->front().type != fourcc("mp4a") ||
        entries->front().body.size() < kEntry)
      continue;
    const auto esds = find(entries->front().body.subspan(kEntry), {fourcc("esds")});
    if (!esds || esds->body.size() < 4) return {};
    const auto stream = descriptor(esds->body.subspan(4), 3);
    if (stream.size() < kStream || stream[2] != 0) return {};
    const auto decoder = descriptor(stream.subspan(kStream), 4);
    if (decoder.size() < kDecoder) return {};
    const auto config = descriptor(decoder.subspan(kDecoder), 5);
    return config.empty() ? std::nullopt : std::optional{Bytes{config.begin(), config.end()}};
  }
  return {};
}

}  // namespace rostrum::mp4
