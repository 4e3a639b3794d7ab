// SPDX-License-Identifier: LGPL-2.1-or-later
// Parts of films as a muxer would describe them, and what a film joined of them says.
#pragma once

#include "core/mp4_join.h"

#include "core/avc.h"
#include "core/mp4_movie.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rostrum::mp4 {

// One track of a part, as a muxer would describe it.
struct Part {
  bool sound = false;
  std::uint32_t timescale = 2500;
  std::uint32_t duration = 100;  // of each sample
  std::vector<std::uint32_t> sizes;
  std::vector<std::uint32_t> durations;    // of each sample instead; empty = all alike
  std::vector<std::int32_t> compositions;  // empty = no 'ctts'
  std::vector<std::uint32_t> sync;         // numbers from 1; empty = no 'stss'
  std::int64_t media_time = 0;             // of the edit list
  std::uint64_t offset = 48;               // of the first sample
  std::uint32_t per_chunk = 4;
  std::string description = "avc1 of the first kind";
  std::optional<avc::Config> config = {};  // instead
  FourCc coding = fourcc("avc1");          // of a picture
  std::uint32_t bitrate = 1000;            // in 'btrt' or 'esds'
};

inline Part picture(std::size_t frames) {
  Part part;
  for (std::size_t i = 0; i < frames; ++i)
    part.sizes.push_back(static_cast<std::uint32_t>(100 + i));
  return part;
}

inline Part sound(std::size_t packets) {
  Part part;
  part.sound = true;
  part.timescale = 48000;
  part.duration = 1024;
  part.sizes.assign(packets, 10);
  part.per_chunk = 1000;
  return part;
}

inline void write_entry(Writer& out, const Part& part) {
  out.box(part.sound ? fourcc("mp4a") : part.coding, [&] {
    out.zeros(part.sound ? 28 : 78);
    out.box(fourcc("avcC"), [&] {
      if (part.config) return out.raw(avc::write_config(*part.config));
      out.text(part.description);
    });
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

inline std::size_t chunk_count(const Part& part) {
  return (part.sizes.size() + part.per_chunk - 1) / part.per_chunk;
}

inline void write_offsets(Writer& out, const Part& part) {
  const bool wide = part.offset > 0xffffffff;
  out.full_box(wide ? fourcc("co64") : fourcc("stco"), 0, 0, [&] {
    out.u32(chunk_count(part));
    for (std::size_t i = 0; i < part.sizes.size(); i += part.per_chunk)
      out.word(wide ? 1 : 0,
               std::accumulate(part.sizes.begin(), part.sizes.begin() + static_cast<long>(i),
                               part.offset));
  });
}

inline void write_table(Writer& out, const Part& part) {
  const auto count = part.sizes.size();
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    out.u32(1);
    write_entry(out, part);
  });
  const std::vector<std::uint32_t> alike(count, part.duration);
  const auto& durations = part.durations.empty() ? alike : part.durations;
  out.full_box(fourcc("stts"), 0, 0, [&] {
    out.u32(count);
    for (const auto duration : durations) {
      out.u32(1);
      out.u32(duration);
    }
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

inline void write_media(Writer& out, const Part& part) {
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

inline Bytes movie_of(const Part& part) {
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

inline Result<JoinedMovie> join(const std::vector<Part>& pictures,
                                const std::vector<JoinPart>& sounds = {}) {
  std::vector<JoinPart> parts;
  for (const auto& part : pictures) parts.push_back({movie_of(part), 0, -1});
  return join_movies(parts, sounds);
}

inline std::vector<Sample> samples(const JoinedMovie& film, std::uint32_t track = 1) {
  return samples_of(film.moov, track, 1'000'000).value_or(std::vector<Sample>{});
}

inline Track track_of(const JoinedMovie& film, std::size_t index = 0) {
  const auto movie = read_movie(film.moov);
  return movie && movie->tracks.size() > index ? movie->tracks[index] : Track{};
}

// When the samples are shown, in frames, sorted; the edit list begins with the first.
inline std::vector<std::int64_t> shown(const JoinedMovie& film) {
  const auto track = track_of(film);
  std::vector<std::int64_t> times;
  for (const auto& s : samples(film))
    times.push_back(
        (static_cast<std::int64_t>(s.start) + s.composition - track.edits.front().media_time) /
        s.duration);
  std::sort(times.begin(), times.end());
  return times;
}

inline std::vector<std::int64_t> counted(std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

// Where the bytes of a sample come from: the part and the place in its file.
inline std::pair<std::size_t, std::uint64_t> origin(const JoinedMovie& film, bool sound,
                                                    std::uint64_t offset) {
  std::uint64_t begin = kPayloadHeader;
  for (const auto& extent : film.extents) {
    if (offset < begin + extent.size)
      return extent.sound == sound ? std::pair{extent.part, extent.offset + (offset - begin)}
                                   : std::pair<std::size_t, std::uint64_t>{999, 0};
    begin += extent.size;
  }
  return {999, 0};
}

}  // namespace rostrum::mp4
