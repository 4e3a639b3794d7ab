// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_movie.h"

#include <algorithm>
#include <numeric>

namespace rostrum::mp4 {

namespace {

constexpr std::uint64_t kLongest = 1000 * 3600;  // seconds
constexpr std::uint32_t kMostEdits = 100;

// The entries of a table box: count, then that many fields of `entry` bytes.
struct Table {
  std::uint32_t count = 0;
  Reader entries{View{}};
};

std::optional<Table> table(View stbl, FourCc type, std::size_t entry) {
  const auto box = find(stbl, {type});
  if (!box) return {};
  Reader r{box->body};
  r.skip(4);
  const std::uint32_t count = r.u32();
  if (!r.ok() || count > r.left() / entry) return {};
  return Table{count, r};
}

bool read_durations(View stbl, Track& track) {
  auto stts = table(stbl, fourcc("stts"), 8);
  if (!stts) return false;
  for (std::uint32_t i = 0; i < stts->count; ++i) {
    const std::uint64_t count = stts->entries.u32();
    const std::uint32_t delta = stts->entries.u32();
    const std::uint64_t limit = kLongest * track.timescale;
    if (delta != 0 && count > (limit - track.duration) / delta) return false;
    track.duration += count * delta;
    if (count > 0) track.tick = std::gcd(track.tick, delta);
    if (count > 0) track.last_start = track.duration - delta;
  }
  return true;
}

// The sample count stands in 'stsz' also when all samples have one size.
bool read_sample_count(View stbl, Track& track) {
  const auto stsz = find(stbl, {fourcc("stsz")});
  if (!stsz) return false;
  Reader r{stsz->body};
  r.skip(4);
  const std::uint32_t size = r.u32();
  track.samples = r.u32();
  return r.ok() && (size != 0 || track.samples <= r.left() / 4);
}

bool read_offsets(View stbl, Track& track) {
  const bool wide = find(stbl, {fourcc("co64")}).has_value();
  auto offsets = table(stbl, wide ? fourcc("co64") : fourcc("stco"), wide ? 8 : 4);
  if (!offsets) return false;
  for (std::uint32_t i = 0; i < offsets->count; ++i) {
    const std::uint64_t offset = offsets->entries.word(wide ? 1 : 0);
    track.first_offset = i == 0 ? offset : std::min(track.first_offset, offset);
    track.last_offset = std::max(track.last_offset, offset);
  }
  return true;
}

bool read_edits(View trak, Track& track) {
  const auto elst = find(trak, {fourcc("edts"), fourcc("elst")});
  if (!elst) return true;
  const int version = version_of(elst->body);
  Reader r{elst->body};
  r.skip(4);
  const std::uint32_t count = r.u32();
  if (count > kMostEdits || count > r.left() / (version == 1 ? 20 : 12)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    Edit edit{.duration = r.word(version)};
    const std::uint64_t time = r.word(version);
    edit.media_time =
        version == 1 ? static_cast<std::int64_t>(time) : static_cast<std::int32_t>(time);
    edit.rate = r.u32();
    track.edits.push_back(edit);
  }
  return r.ok();
}

void read_references(View trak, Track& track) {
  const auto chap = find(trak, {fourcc("tref"), fourcc("chap")});
  if (!chap) return;
  for (Reader r{chap->body}; r.left() >= 4;) track.chapters.push_back(r.u32());
}

bool read_headers(View trak, Track& track) {
  const auto tkhd = find(trak, {fourcc("tkhd")});
  const auto mdhd = find(trak, {fourcc("mdia"), fourcc("mdhd")});
  const auto hdlr = find(trak, {fourcc("mdia"), fourcc("hdlr")});
  if (!tkhd || !mdhd || !hdlr) return false;
  Reader t{tkhd->body};
  t.skip(version_of(tkhd->body) == 1 ? 20 : 12);
  track.id = t.u32();
  Reader m{mdhd->body};
  m.skip(version_of(mdhd->body) == 1 ? 20 : 12);
  track.timescale = m.u32();
  Reader h{hdlr->body};
  h.skip(8);
  track.handler = h.u32();
  return t.ok() && m.ok() && h.ok() && track.id != 0 && track.timescale != 0;
}

bool plausible(const Movie& movie) {
  for (const Track& track : movie.tracks)
    for (const Edit& edit : track.edits)
      if (edit.duration / movie.timescale >= kLongest || edit.media_time < -1 ||
          edit.media_time / track.timescale >= static_cast<std::int64_t>(kLongest))
        return false;
  return true;
}

std::optional<Track> read_track(View trak) {
  Track track;
  const auto stbl = find(trak, {fourcc("mdia"), fourcc("minf"), fourcc("stbl")});
  if (!stbl || !read_headers(trak, track) || !read_edits(trak, track) ||
      !read_durations(stbl->body, track) || !read_sample_count(stbl->body, track) ||
      !read_offsets(stbl->body, track))
    return {};
  read_references(trak, track);
  return track;
}

bool read_movie_header(View mvhd, Movie& movie) {
  const int version = version_of(mvhd);
  Reader r{mvhd};
  r.skip(version == 1 ? 20 : 12);
  movie.timescale = r.u32();
  movie.duration = r.word(version);
  r.skip(76);
  movie.next_track_id = r.u32();
  return r.ok() && movie.timescale != 0;
}

// Gives every sample its chunk's offset plus the sizes before it in the chunk (14496-12, 8.7.4).
bool place_samples(View stbl, std::vector<Sample>& samples) {
  const bool wide = find(stbl, {fourcc("co64")}).has_value();
  auto chunks = table(stbl, wide ? fourcc("co64") : fourcc("stco"), wide ? 8 : 4);
  auto runs = table(stbl, fourcc("stsc"), 12);
  if (!chunks || !runs || runs->count == 0) return samples.empty();
  std::size_t next = 0;
  std::uint32_t per_chunk = 0;
  std::uint32_t run_starts = runs->entries.u32();
  for (std::uint32_t chunk = 1; chunk <= chunks->count && next < samples.size(); ++chunk) {
    if (chunk == run_starts) {
      per_chunk = runs->entries.u32();
      runs->entries.skip(4);
      run_starts = runs->entries.left() >= 12 ? runs->entries.u32() : 0;
    }
    std::uint64_t offset = chunks->entries.word(wide ? 1 : 0);
    for (std::uint32_t i = 0; i < per_chunk && next < samples.size(); ++i) {
      samples[next].offset = offset;
      offset += samples[next++].size;
    }
  }
  return next == samples.size();
}

bool time_samples(View stbl, std::vector<Sample>& samples) {
  auto stts = table(stbl, fourcc("stts"), 8);
  if (!stts) return false;
  std::size_t next = 0;
  std::uint64_t start = 0;
  for (std::uint32_t i = 0; i < stts->count; ++i) {
    const std::uint32_t count = stts->entries.u32();
    const std::uint32_t delta = stts->entries.u32();
    for (std::uint32_t k = 0; k < count && next < samples.size(); ++k, start += delta) {
      samples[next].start = start;
      samples[next++].duration = delta;
    }
  }
  return next == samples.size();
}

// 14496-12, 8.6.1.3: absent when every sample is presented when it is decoded.
bool compose_samples(View stbl, std::vector<Sample>& samples) {
  if (!find(stbl, {fourcc("ctts")})) return true;
  auto ctts = table(stbl, fourcc("ctts"), 8);
  if (!ctts) return false;
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < ctts->count; ++i) {
    const std::uint32_t count = ctts->entries.u32();
    const auto offset = static_cast<std::int32_t>(ctts->entries.u32());
    for (std::uint32_t k = 0; k < count && next < samples.size(); ++k)
      samples[next++].composition = offset;
  }
  return next == samples.size();
}

// 14496-12, 8.6.2: absent when every sample is a sync sample.
bool mark_sync_samples(View stbl, std::vector<Sample>& samples) {
  if (!find(stbl, {fourcc("stss")})) return true;
  auto stss = table(stbl, fourcc("stss"), 4);
  if (!stss) return false;
  for (auto& sample : samples) sample.sync = false;
  for (std::uint32_t i = 0; i < stss->count; ++i) {
    const std::uint32_t number = stss->entries.u32();
    if (number < 1 || number > samples.size()) return false;
    samples[number - 1].sync = true;
  }
  return true;
}

std::optional<std::vector<Sample>> read_samples(View trak, std::size_t limit) {
  const auto stbl = find(trak, {fourcc("mdia"), fourcc("minf"), fourcc("stbl")});
  const auto stsz = stbl ? find(stbl->body, {fourcc("stsz")}) : std::nullopt;
  if (!stsz) return {};
  Reader r{stsz->body};
  r.skip(4);
  const std::uint32_t size = r.u32();
  const std::uint32_t count = r.u32();
  if (!r.ok() || count > limit || (size == 0 && count > r.left() / 4)) return {};
  std::vector<Sample> samples(count);
  for (auto& sample : samples) sample.size = size ? size : r.u32();
  if (!place_samples(stbl->body, samples) || !time_samples(stbl->body, samples) ||
      !compose_samples(stbl->body, samples) || !mark_sync_samples(stbl->body, samples))
    return {};
  return samples;
}

}  // namespace

int version_of(View full_box) { return full_box.empty() ? 0 : full_box[0]; }

Result<Movie> read_movie(View moov) {
  const auto boxes = children(moov);
  if (!boxes) return fail(Kind::media, "the movie box is damaged");
  Movie movie;
  bool header = false;
  for (const Box& box : *boxes) {
    if (box.type == fourcc("mvhd")) header = read_movie_header(box.body, movie);
    if (box.type == fourcc("mvex")) movie.fragmented = true;
    if (box.type != fourcc("trak")) continue;
    auto track = read_track(box.body);
    if (!track) return fail(Kind::media, "a track of the movie box is damaged");
    movie.tracks.push_back(std::move(*track));
  }
  if (!header) return fail(Kind::media, "the movie header is missing or damaged");
  if (!plausible(movie)) return fail(Kind::media, "an edit list of the movie is damaged");
  return movie;
}

std::optional<std::vector<Sample>> samples_of(View moov, std::uint32_t id, std::size_t limit) {
  const auto boxes = children(moov);
  if (!boxes) return {};
  for (const Box& box : *boxes) {
    Track track;
    if (box.type == fourcc("trak") && read_headers(box.body, track) && track.id == id)
      return read_samples(box.body, limit);
  }
  return {};
}

}  // namespace rostrum::mp4
