// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_headers.h"

namespace rostrum::mp4 {

namespace {

constexpr std::uint32_t kMatrix[] = {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000};
constexpr std::uint32_t kTrackId = 1;
constexpr std::uint32_t kEnabled = 3;  // and in the movie

// 8.2.2
void write_movie_header(Writer& out, const SoleTrack& track) {
  out.full_box(fourcc("mvhd"), 1, 0, [&] {
    out.zeros(16);
    out.u32(track.timescale);
    out.u64(track.length);
    out.u32(0x10000);
    out.u16(0x100);
    out.zeros(10);
    for (const auto value : kMatrix) out.u32(value);
    out.zeros(24);
    out.u32(kTrackId + 1);
  });
}

// 8.3.2
void write_track_header(Writer& out, const SoleTrack& track) {
  out.full_box(fourcc("tkhd"), 1, kEnabled, [&] {
    out.zeros(16);
    out.u32(kTrackId);
    out.zeros(4);
    out.u64(track.length);
    out.zeros(12);
    out.u16(track.sound ? 0x100 : 0);  // volume
    out.zeros(2);
    for (const auto value : kMatrix) out.u32(value);
    out.u32(static_cast<std::uint64_t>(track.size.width) << 16);
    out.u32(static_cast<std::uint64_t>(track.size.height) << 16);
  });
}

// 8.6.6
void write_edit(Writer& out, const SoleTrack& track) {
  out.box(fourcc("edts"), [&] {
    out.full_box(fourcc("elst"), 1, 0, [&] {
      out.u32(1);
      out.u64(track.length - track.skipped);
      out.u64(track.skipped);
      out.u32(0x10000);
    });
  });
}

// 12.1.2, 12.2.2
void write_kind_header(Writer& out, bool sound) {
  if (sound)
    out.full_box(fourcc("smhd"), 0, 0, [&] { out.zeros(4); });
  else
    out.full_box(fourcc("vmhd"), 0, 1, [&] { out.zeros(8); });
}

// 8.4, 8.7.2: all samples are in this file.
void write_media(Writer& out, const SoleTrack& track, const std::function<void(Writer&)>& samples) {
  out.full_box(fourcc("mdhd"), 1, 0, [&] {
    out.zeros(16);
    out.u32(track.timescale);
    out.u64(track.length);
    out.u16(0x55c4);  // language: undetermined
    out.zeros(2);
  });
  out.full_box(fourcc("hdlr"), 0, 0, [&] {
    out.zeros(4);
    out.text(track.sound ? "soun" : "vide");
    out.zeros(12);
    out.text(track.sound ? "SoundHandler" : "VideoHandler");
    out.zeros(1);
  });
  out.box(fourcc("minf"), [&] {
    write_kind_header(out, track.sound);
    out.box(fourcc("dinf"), [&] {
      out.full_box(fourcc("dref"), 0, 0, [&] {
        out.u32(1);
        out.full_box(fourcc("url "), 0, 1, [] {});
      });
    });
    out.box(fourcc("stbl"), [&] { samples(out); });
  });
}

}  // namespace

Bytes sole_movie(const SoleTrack& track, const std::function<void(Writer&)>& samples) {
  Writer out;
  write_movie_header(out, track);
  out.box(fourcc("trak"), [&] {
    write_track_header(out, track);
    write_edit(out, track);
    out.box(fourcc("mdia"), [&] { write_media(out, track, samples); });
  });
  return out.release();
}

}  // namespace rostrum::mp4
