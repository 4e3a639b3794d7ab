// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mp4_parts.h"

#include <numeric>

namespace rostrum::mp4 {

namespace {

void write_entry(Writer& out, const Part& part) {
  out.box(part.sound ? fourcc("mp4a") : fourcc("avc1"), [&] {
    out.zeros(part.sound ? 28 : 78);
    out.box(fourcc("avcC"), [&] { out.text(part.description); });
    if (!part.sound)
      return out.box(fourcc("btrt"), [&] {
        for (int i = 0; i < 3; ++i) out.u32(part.bitrate);
      });
    out.full_box(fourcc("esds"), 0, 0, [&] {
      out.u8(0x03);  // ES_Descriptor
      out.u8(3 + 2 + 13);
      out.u16(1);
      out.u8(0);
      out.u8(0x04);  // DecoderConfigDescriptor
      out.u8(13);
      out.u8(0x40);
      out.u8(0x15);
      out.zeros(3);
      out.u32(part.bitrate);
      out.u32(part.bitrate);
    });
  });
}

std::size_t chunk_count(const Part& part) {
  return (part.sizes.size() + part.per_chunk - 1) / part.per_chunk;
}

void write_offsets(Writer& out, const Part& part) {
  const bool wide = part.offset > 0xffffffff;
  out.full_box(wide ? fourcc("co64") : fourcc("stco"), 0, 0, [&] {
    out.u32(chunk_count(part));
    for (std::size_t i = 0; i < part.sizes.size(); i += part.per_chunk)
      out.word(wide ? 1 : 0,
               std::accumulate(part.sizes.begin(), part.sizes.begin() + static_cast<long>(i),
                               part.offset));
  });
}

void write_table(Writer& out, const Part& part) {
  const auto count = part.sizes.size();
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    out.u32(1);
    write_entry(out, part);
  });
  out.full_box(fourcc("stts"), 0, 0, [&] {
    for (const std::uint64_t field :
         {std::uint64_t{1}, std::uint64_t{count}, std::uint64_t{part.duration}})
      out.u32(field);
  });
  if (!part.compositions.empty())
    out.full_box(fourcc("ctts"), 1, 0, [&] {
      out.u32(count);
      for (const auto offset : part.compositions) {
        out.u32(1);
        out.u32(static_cast<std::uint32_t>(offset));
      }
    });
  if (!part.sync.empty())
    out.full_box(fourcc("stss"), 0, 0, [&] {
      out.u32(part.sync.size());
      for (const auto number : part.sync) out.u32(number);
    });
  out.full_box(fourcc("stsz"), 0, 0, [&] {
    out.u32(0);
    out.u32(count);
    for (const auto size : part.sizes) out.u32(size);
  });
  out.full_box(fourcc("stsc"), 0, 0, [&] {
    for (const std::uint32_t field : {1U, 1U, part.per_chunk, 1U}) out.u32(field);
  });
  write_offsets(out, part);
}

void write_media(Writer& out, const Part& part) {
  out.full_box(fourcc("mdhd"), 0, 0, [&] {
    out.zeros(8);
    out.u32(part.timescale);
    out.u32(part.duration * part.sizes.size());
    out.u32(0x55c40000);
  });
  out.full_box(fourcc("hdlr"), 0, 0, [&] {
    out.u32(0);
    out.text(part.sound ? "soun" : "vide");
    out.zeros(13);
  });
  out.box(fourcc("minf"), [&] { out.box(fourcc("stbl"), [&] { write_table(out, part); }); });
}

}  // namespace

Part picture(std::size_t frames) {
  Part part;
  for (std::size_t i = 0; i < frames; ++i)
    part.sizes.push_back(static_cast<std::uint32_t>(100 + i));
  return part;
}

Part sound(std::size_t packets) {
  Part part;
  part.sound = true;
  part.timescale = 48000;
  part.duration = 1024;
  part.sizes.assign(packets, 10);
  part.per_chunk = 1000;
  return part;
}

Bytes movie_of(const Part& part) {
  Writer out;
  out.full_box(fourcc("mvhd"), 0, 0, [&] {
    out.zeros(8);
    out.u32(1000);
    out.u32(1);
    out.zeros(76);
    out.u32(8);
  });
  out.box(fourcc("trak"), [&] {
    out.full_box(fourcc("tkhd"), 0, 3, [&] {
      out.zeros(8);
      out.u32(7);
      out.zeros(68);
    });
    out.box(fourcc("edts"), [&] {
      out.full_box(fourcc("elst"), 0, 0, [&] {
        out.u32(1);
        out.u32(1000);
        out.u32(static_cast<std::uint64_t>(part.media_time));
        out.u32(0x10000);
      });
    });
    out.box(fourcc("mdia"), [&] { write_media(out, part); });
  });
  return out.release();
}

}  // namespace rostrum::mp4
