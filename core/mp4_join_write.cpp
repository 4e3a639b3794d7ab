// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_join_write.h"

#include <limits>
#include <utility>

namespace rostrum::mp4 {

namespace {

constexpr std::uint32_t kTableTrack = 1;

// 8.6.1.2: each sample lasts until the next is decoded.
void write_held_durations(Writer& out, const JoinedTrack& track) {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> runs;
  for (std::size_t i = 0; i < track.samples.size(); ++i) {
    const auto end = i + 1 < track.decoded.size() ? track.decoded[i + 1] : track.frames.back();
    const auto lasts = static_cast<std::uint64_t>(end - track.decoded[i]) * track.duration;
    if (runs.empty() || runs.back().second != lasts) runs.emplace_back(0, lasts);
    ++runs.back().first;
  }
  out.full_box(fourcc("stts"), 0, 0, [&] {
    out.u32(runs.size());
    for (const auto& [count, lasts] : runs) {
      out.u32(count);
      out.u32(lasts);
    }
  });
}

// 8.6.1.2: all samples last equally long, but for the last one.
void write_durations(Writer& out, const JoinedTrack& track) {
  if (!track.frames.empty()) return write_held_durations(out, track);
  const bool even = track.last_duration == track.duration;
  out.full_box(fourcc("stts"), 0, 0, [&] {
    const auto alike = track.samples.size() - (even ? 0 : 1);
    out.u32(even || alike == 0 ? 1 : 2);
    if (alike > 0) {
      out.u32(alike);
      out.u32(track.duration);
    }
    if (even) return;
    out.u32(1);
    out.u32(track.last_duration);
  });
}

// 8.9: a decoder of Opus that begins in the middle must begin 80 ms before ("Encapsulation of Opus
// in ISO Base Media File Format", 4.3.6.2).
void write_pre_roll(Writer& out, const JoinedTrack& track) {
  const auto entries = children(View{track.stsd}.subspan(16));
  if (!entries || entries->empty() || entries->front().type != fourcc("Opus")) return;
  const std::uint32_t packets = (track.timescale * 80 / 1000 + track.duration - 1) / track.duration;
  out.full_box(fourcc("sgpd"), 1, 0, [&] {
    out.text("roll");
    out.u32(2);
    out.u32(1);
    out.u16(0x10000U - packets);
  });
  out.full_box(fourcc("sbgp"), 0, 0, [&] {
    out.text("roll");
    out.u32(1);
    out.u32(track.samples.size());
    out.u32(1);
  });
}

// 8.6.1.3, version 1 where an offset is negative.
void write_compositions(Writer& out, const JoinedTrack& track) {
  std::vector<std::pair<std::uint32_t, std::int32_t>> runs;
  bool negative = false;
  for (const auto& s : track.samples) {
    if (runs.empty() || runs.back().second != s.composition) runs.emplace_back(0, s.composition);
    ++runs.back().first;
    negative = negative || s.composition < 0;
  }
  if (runs.size() == 1 && runs.front().second == 0) return;
  out.full_box(fourcc("ctts"), negative ? 1 : 0, 0, [&] {
    out.u32(runs.size());
    for (const auto& [count, offset] : runs) {
      out.u32(count);
      out.u32(static_cast<std::uint32_t>(offset));
    }
  });
}

// 8.6.2: absent when every sample is a sync sample.
void write_sync_samples(Writer& out, const JoinedTrack& track) {
  std::vector<std::uint32_t> sync;
  for (std::size_t i = 0; i < track.samples.size(); ++i)
    if (track.samples[i].sync) sync.push_back(static_cast<std::uint32_t>(i + 1));
  if (sync.size() == track.samples.size()) return;
  out.full_box(fourcc("stss"), 0, 0, [&] {
    out.u32(sync.size());
    for (const auto n : sync) out.u32(n);
  });
}

// 8.7.3, 8.7.4, 8.7.5
void write_places(Writer& out, const JoinedTrack& track) {
  out.full_box(fourcc("stsz"), 0, 0, [&] {
    out.u32(0);
    out.u32(track.samples.size());
    for (const auto& s : track.samples) out.u32(std::uint64_t{s.size} + track.added(s));
  });
  std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;  // first chunk, samples per chunk
  for (std::size_t c = 0; c < track.chunk_first.size(); ++c) {
    const auto end =
        c + 1 < track.chunk_first.size() ? track.chunk_first[c + 1] : track.samples.size();
    const auto count = static_cast<std::uint32_t>(end - track.chunk_first[c]);
    if (runs.empty() || runs.back().second != count)
      runs.emplace_back(static_cast<std::uint32_t>(c + 1), count);
  }
  out.full_box(fourcc("stsc"), 0, 0, [&] {
    out.u32(runs.size());
    for (const auto& [first, count] : runs) {
      out.u32(first);
      out.u32(count);
      out.u32(1);
    }
  });
  const bool wide = !track.chunk_offset.empty() &&
                    track.chunk_offset.back() > std::numeric_limits<std::uint32_t>::max();
  out.full_box(wide ? fourcc("co64") : fourcc("stco"), 0, 0, [&] {
    out.u32(track.chunk_offset.size());
    for (const auto offset : track.chunk_offset) out.word(wide ? 1 : 0, offset);
  });
}

void write_sample_table(Writer& out, const JoinedTrack& track) {
  out.box(fourcc("stbl"), [&] {
    out.raw(track.stsd);
    write_durations(out, track);
    write_compositions(out, track);
    write_sync_samples(out, track);
    write_places(out, track);
    if (track.sound) write_pre_roll(out, track);
  });
}

// 8.4.2, version 1: the whole track's length.
void write_media_header(Writer& out, View old, const JoinedTrack& track) {
  out.full_box(fourcc("mdhd"), 1, 0, [&] {
    out.u64(0);
    out.u64(0);
    out.u32(track.timescale);
    out.u64(track.length());
    Reader r{old};
    r.skip(version_of(old) == 1 ? 32 : 20);
    out.raw(r.rest());
  });
}

// 8.6.6: the film begins with its first picture.
void write_edit(Writer& out, const JoinedTrack& track) {
  out.box(fourcc("edts"), [&] {
    out.full_box(fourcc("elst"), 1, 0, [&] {
      out.u32(1);
      out.u64(track.length() * track.movie_timescale / track.timescale);
      out.u64(static_cast<std::uint64_t>(track.delay));
      out.u32(0x10000);
    });
  });
}

// 8.3.2: all but the track's number stays as it was; its length is set when the film is finished.
void write_track_header(Writer& out, View old, std::uint32_t id, const JoinedTrack& track) {
  out.box(fourcc("tkhd"), [&] {
    Reader r{old};
    out.raw(r.take(version_of(old) == 1 ? 20 : 12));
    r.skip(4);
    out.u32(id);
    out.raw(r.rest());
  });
  if (!track.sound) write_edit(out, track);
}

void write_inside(Writer& out, const Box& parent, const JoinedTrack& track, std::uint32_t id) {
  out.box(parent.type, [&] {
    for (const Box& box : children(parent.body).value_or(std::vector<Box>{})) {
      if (box.type == fourcc("mdia") || box.type == fourcc("minf"))
        write_inside(out, box, track, id);
      else if (box.type == fourcc("stbl"))
        write_sample_table(out, track);
      else if (box.type == fourcc("mdhd"))
        write_media_header(out, box.body, track);
      else if (box.type == fourcc("tkhd"))
        write_track_header(out, box.body, id, track);
      else if (box.type != fourcc("edts") || track.sound)
        out.raw(box.whole);
    }
  });
}

// ISO/IEC 14496-15, 5.4.2.1: an entry whose decoder finds its parameters in the samples, and at
// first in the entry.
Bytes parameters_inside(View stsd, const avc::Config& config) {
  Writer out;
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    out.u32(1);
    out.box(fourcc("avc3"), [&] {
      const auto entry = avc::entry_of(stsd)->body;
      out.raw(entry.first(avc::kEntryFields));
      for (const Box& box : children(entry.subspan(avc::kEntryFields)).value_or(std::vector<Box>{}))
        if (box.type == fourcc("avcC"))
          out.box(box.type, [&] { out.raw(avc::write_config(config)); });
        else
          out.raw(box.whole);
    });
  });
  return out.release();
}

// Of each part what stands before its pictures that decoding can begin with.
std::vector<Bytes> write_parameters_inside(JoinedTrack& track) {
  std::vector<Bytes> units;
  for (const auto& config : track.configs) units.push_back(avc::parameter_units(config));
  for (const auto& unit : units)
    track.parameters.push_back(static_cast<std::uint32_t>(unit.size()));
  track.stsd = parameters_inside(track.stsd, avc::common_config(track.configs));
  return units;
}

// Appends the samples [from, to) of a track to the payload, as one output chunk.
void place(JoinedTrack& track, std::size_t from, std::size_t to, JoinedMovie& film) {
  if (from >= to) return;
  track.chunk_first.push_back(static_cast<std::uint32_t>(from));
  track.chunk_offset.push_back(kPayloadHeader + film.payload_size);
  for (auto i = from; i < to; ++i) {
    const auto& s = track.samples[i];
    const auto added = track.added(s);
    auto* last = film.extents.empty() ? nullptr : &film.extents.back();
    if (last && last->sound == track.sound && last->part == s.part && added == 0 &&
        last->offset + last->size == s.offset)
      last->size += s.size;
    else
      film.extents.push_back({track.sound, s.part, s.offset, s.size, added > 0});
    film.payload_size += s.size + added;
  }
}

// A second of picture, the same second of sound, and so on: players read both from one place.
void interleave(std::vector<JoinedTrack>& tracks, JoinedMovie& film) {
  for (std::uint64_t second = 0;; ++second) {
    bool left = false;
    for (auto& track : tracks) {
      place(track, track.sample_at(second), track.sample_at(second + 1), film);
      left = left || track.sample_at(second + 1) < track.samples.size();
    }
    if (!left) return;
  }
}

Bytes write_boxes(const std::vector<JoinedTrack>& tracks, View first_moov) {
  Writer out;
  const auto mvhd = find(first_moov, {fourcc("mvhd")});
  const auto next = static_cast<std::uint32_t>(tracks.size() + kTableTrack);
  out.box(fourcc("mvhd"), [&] {
    out.raw(mvhd->body.first(mvhd->body.size() - 4));
    out.u32(next);
  });
  std::uint32_t id = kTableTrack;
  for (const auto& track : tracks) write_inside(out, {fourcc("trak"), {}, track.trak}, track, id++);
  return out.release();
}

}  // namespace

JoinedMovie write_movie(std::vector<JoinedTrack> tracks, View first_moov) {
  JoinedMovie film;
  for (auto& track : tracks)
    if (!track.alike) film.parameters = write_parameters_inside(track);
  interleave(tracks, film);
  film.moov = write_boxes(tracks, first_moov);
  return film;
}

}  // namespace rostrum::mp4
