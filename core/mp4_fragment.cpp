// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_fragment.h"

#include "core/mp4_movie.h"

#include <algorithm>

namespace rostrum::mp4 {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Flags of 'tfhd' and 'trun' (14496-12, 8.8.7 and 8.8.8).
constexpr std::uint32_t kBaseDataOffset = 0x1;
constexpr std::uint32_t kDefaultBaseIsMoof = 0x20000;
constexpr std::uint32_t kDataOffset = 0x1;
constexpr std::uint32_t kFirstSampleFlags = 0x4;
constexpr std::uint32_t kComposition = 0x800;

std::uint32_t flags_of(View full_box) {
  Reader r{full_box};
  return r.u32() & 0xffffff;
}

// How many of duration, size and flags each sample has.
std::size_t fields_of(std::uint32_t flags) {
  std::size_t fields = 0;
  for (const std::uint32_t flag : {0x100U, 0x200U, 0x400U}) fields += (flags & flag) != 0;
  return fields;
}

std::uint32_t track_of(View traf) {
  const auto tfhd = find(traf, {fourcc("tfhd")});
  if (!tfhd) return 0;
  Reader r{tfhd->body};
  r.skip(4);
  return r.u32();
}

// The one track that a fragment holds.
std::optional<Box> only_traf(View moof) {
  const auto header = read_header(moof);
  if (!header || header->size != moof.size() || header->type != fourcc("moof") ||
      header->header != 8)
    return {};
  const auto boxes = children(moof.subspan(header->header));
  if (!boxes) return {};
  const auto is_traf = [](const Box& box) { return box.type == fourcc("traf"); };
  if (std::count_if(boxes->begin(), boxes->end(), is_traf) != 1) return {};
  return *std::find_if(boxes->begin(), boxes->end(), is_traf);
}

struct Begin {
  std::int64_t decoding = 0;
  std::int64_t composition = 0;  // offset of the first sample
};

std::optional<Begin> begin_of(View traf) {
  const auto tfdt = find(traf, {fourcc("tfdt")});
  const auto trun = find(traf, {fourcc("trun")});
  if (!tfdt || !trun) return {};
  Reader t{tfdt->body};
  t.skip(4);
  Begin begin{.decoding = static_cast<std::int64_t>(t.word(version_of(tfdt->body)))};
  const auto flags = flags_of(trun->body);
  Reader r{trun->body};
  r.skip(8 + (flags & kDataOffset ? 4 : 0) + (flags & kFirstSampleFlags ? 4 : 0) +
         4 * fields_of(flags));
  if (flags & kComposition) begin.composition = static_cast<std::int32_t>(r.u32());
  if (!t.ok() || !r.ok()) return {};
  return begin;
}

void write_tfhd(View body, Writer& w) {
  const auto flags = flags_of(body);
  w.full_box(fourcc("tfhd"), 0, flags & kBaseDataOffset ? flags : flags | kDefaultBaseIsMoof,
             [&] { w.raw(body.subspan(4)); });
}

// `growth`: by how much the fragment's box becomes longer, and so its samples farther from it.
void write_trun(View body, std::size_t growth, Writer& w) {
  const auto flags = flags_of(body);
  Reader r{body};
  w.box(fourcc("trun"), [&] {
    w.raw(r.take(8));
    if (flags & kDataOffset) w.u32(r.u32() + static_cast<std::uint32_t>(growth));
    w.raw(r.rest());
  });
}

bool write_traf(View traf, std::int64_t decoding, std::size_t growth, Writer& w) {
  const auto boxes = children(traf);
  if (!boxes) return false;
  w.box(fourcc("traf"), [&] {
    for (const auto& box : *boxes) {
      if (box.type == fourcc("tfhd"))
        write_tfhd(box.body, w);
      else if (box.type == fourcc("tfdt"))
        w.full_box(box.type, 1, 0, [&] { w.u64(static_cast<std::uint64_t>(decoding)); });
      else if (box.type == fourcc("trun"))
        write_trun(box.body, growth, w);
      else
        w.raw(box.whole);
    }
  });
  return true;
}

// All of the movie from `media_time` on.
void write_edit(std::int64_t media_time, Writer& w) {
  w.box(fourcc("edts"), [&] {
    w.full_box(fourcc("elst"), 1, 0, [&] {
      w.u32(1);
      w.u64(0);  // for as long as the fragments last
      w.u64(static_cast<std::uint64_t>(media_time));
      w.u32(0x10000);
    });
  });
}

std::uint32_t id_of(View trak) {
  const auto tkhd = find(trak, {fourcc("tkhd")});
  if (!tkhd) return 0;
  Reader r{tkhd->body};
  r.skip(version_of(tkhd->body) == 1 ? 20 : 12);
  return r.u32();
}

}  // namespace

Bytes FragmentTimes::rewrite_brands(View ftyp) {
  Bytes bytes{ftyp.begin(), ftyp.end()};
  constexpr std::uint8_t kOld[] = {'i', 's', 'o', '2'};
  // From 'iso6' on a fragment has a decoding time, and its offsets count from its box.
  const auto found = std::search(bytes.begin(), bytes.end(), std::begin(kOld), std::end(kOld));
  if (found != bytes.end()) found[3] = '6';
  return bytes;
}

bool FragmentTimes::read_movie(View moov) {
  const auto header = read_header(moov);
  if (!header || header->size != moov.size() || header->type != fourcc("moov")) return false;
  const auto movie = mp4::read_movie(moov.subspan(header->header));
  if (!movie) return false;
  for (const auto& track : movie->tracks) clocks_[track.id].timescale = track.timescale;
  return true;
}

std::optional<Bytes> FragmentTimes::rewrite_movie(View moov, const TimeOf& delay) {
  if (!read_movie(moov)) return {};
  // Rounded up: decoding must not begin before 0.
  for (auto& [id, clock] : clocks_)
    clock.edit =
        scale_floor(delay(id).count() + kSecond / clock.timescale - 1, clock.timescale, kSecond);
  const auto boxes = children(moov.subspan(read_header(moov)->header));
  Writer w;
  w.box(fourcc("moov"), [&] {
    for (const auto& box : *boxes) {
      if (box.type != fourcc("trak")) {
        w.raw(box.whole);
        continue;
      }
      const auto edit = clocks_[id_of(box.body)].edit;
      const auto parts = children(box.body);
      w.box(box.type, [&] {
        for (const auto& part : *parts) {
          w.raw(part.whole);
          if (part.type == fourcc("tkhd") && edit > 0) write_edit(edit, w);
        }
      });
    }
  });
  return w.release();
}

std::optional<Bytes> FragmentTimes::rewrite(View moof, const TimeOf& start) {
  const auto traf = only_traf(moof);
  if (!traf) return {};
  const auto id = track_of(traf->body);
  const auto first = begin_of(traf->body);
  const auto found = clocks_.find(id);
  if (!first || found == clocks_.end()) return {};
  auto& clock = found->second;
  if (!clock.begun) {
    clock.begun = true;
    const auto begin = scale_round(start(id).count(), clock.timescale, kSecond) + clock.edit;
    clock.shift = std::max<std::int64_t>(begin - first->composition, 0) - first->decoding;
  }
  const auto boxes = children(moof.subspan(8));
  Bytes written;
  // Twice: how long the box gets is known when it is written.
  for (std::size_t growth = 0, pass = 0; pass < 2; ++pass, growth = written.size() - moof.size()) {
    Writer w;
    bool sane = true;
    w.box(fourcc("moof"), [&] {
      for (const auto& box : *boxes)
        if (box.type == fourcc("traf"))
          sane = write_traf(box.body, first->decoding + clock.shift, growth, w);
        else
          w.raw(box.whole);
    });
    if (!sane) return {};
    written = w.release();
  }
  return written;
}

std::optional<FragmentTimes::First> FragmentTimes::first_of(View moof) const {
  const auto traf = only_traf(moof);
  if (!traf) return {};
  const auto id = track_of(traf->body);
  const auto clock = clocks_.find(id);
  const auto first = begin_of(traf->body);
  if (clock == clocks_.end() || !first) return {};
  const auto ticks = std::max<std::int64_t>(first->decoding + first->composition, 0);
  return First{id, Nanoseconds{scale_round(ticks, kSecond, clock->second.timescale)}};
}

}  // namespace rostrum::mp4
