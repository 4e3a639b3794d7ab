// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_fragmented.h"

#include "core/mp4_movie.h"
#include "core/sample_entry.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

namespace rostrum::mp4 {

namespace {

constexpr std::size_t kMostSamples = 500'000'000;
constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMostIndexed = std::numeric_limits<std::uint16_t>::max();  // 8.16.3.2
constexpr std::size_t kPayloadHeaderBytes = 8;

// One track of the film, and where its fragments begin.
struct Source {
  View trak;
  Track header;
  std::vector<Sample> samples;
  std::int64_t delay = 0;          // of presentation, by the edit list
  std::vector<std::size_t> first;  // sample of each fragment, and the end

  bool pictures() const { return header.handler == fourcc("vide"); }
  std::int64_t shown(const Sample& s) const {
    return static_cast<std::int64_t>(s.start) + s.composition - delay;
  }
  Nanoseconds time(std::int64_t ticks) const {
    return Nanoseconds{
        scale_round(std::max<std::int64_t>(ticks, 0), 1'000'000'000, header.timescale)};
  }
  // When the sample of that number is shown, or where all end.
  Nanoseconds time_of(std::size_t n) const {
    if (n < samples.size()) return time(shown(samples[n]));
    // Pictures that are held last longer than from one decoding time to the next.
    if (pictures()) return time(static_cast<std::int64_t>(header.duration));
    std::int64_t end = 0;
    for (const auto& s : samples) end = std::max(end, shown(s) + s.duration);
    return time(end);
  }
  std::span<const Sample> of(std::size_t fragment) const {
    return std::span{samples}.subspan(first[fragment], first[fragment + 1] - first[fragment]);
  }
};

tl::unexpected<Error> damaged() { return fail(Kind::media, "the film's index is damaged"); }

std::vector<View> traks_of(View moov) {
  std::vector<View> found;
  for (const Box& box : children(moov).value_or(std::vector<Box>{}))
    if (box.type == fourcc("trak")) found.push_back(box.body);
  return found;
}

Result<Source> read_source(View moov, const Movie& movie, FourCc handler) {
  const auto traks = traks_of(moov);
  for (std::size_t i = 0; i < movie.tracks.size(); ++i) {
    const auto& track = movie.tracks[i];
    if (track.handler != handler) continue;
    auto samples = samples_of(moov, track.id, kMostSamples);
    if (!samples || samples->empty() || i >= traks.size()) return damaged();
    if (track.edits.size() > 1 || (!track.edits.empty() && track.edits[0].media_time < 0))
      return fail(Kind::media, "a track of the film has more than one edit");
    return Source{traks[i],
                  track,
                  std::move(*samples),
                  track.edits.empty() ? 0 : track.edits[0].media_time,
                  {}};
  }
  return fail(Kind::media,
              handler == fourcc("vide") ? "the film has no picture" : "the film has no sound");
}

// Each time is that of a picture that decoding can begin with, or a time in the sound.
void cut(Source& source, const std::vector<Nanoseconds>& times) {
  std::size_t n = 0;
  source.first.push_back(0);
  for (const auto time : std::span{times}.subspan(std::min<std::size_t>(times.size(), 1))) {
    const auto begins = [&](const Sample& s) {
      return (s.sync || !source.pictures()) && source.time(source.shown(s)) >= time;
    };
    while (n < source.samples.size() && !begins(source.samples[n])) ++n;
    source.first.push_back(n);
  }
  source.first.push_back(source.samples.size());
}

// --- the movie box ---

// 8.3.2, 8.4.2, 8.2.2: the length of what stands in fragments is not said there.
void write_without_length(Writer& out, const Box& box, std::size_t at, std::size_t wide_at) {
  const bool wide = version_of(box.body) == 1;
  const auto begin = wide ? wide_at : at;
  const std::size_t bytes = wide ? 8 : 4;
  out.box(box.type, [&] {
    out.raw(box.body.first(std::min(begin, box.body.size())));
    out.zeros(bytes);
    if (box.body.size() >= begin + bytes) out.raw(box.body.subspan(begin + bytes));
  });
}

void write_empty_table(Writer& out, const Box& stbl) {
  out.box(stbl.type, [&] {
    if (const auto stsd = find(stbl.body, {fourcc("stsd")})) out.raw(stsd->whole);
    for (const auto type : {fourcc("stts"), fourcc("stsc"), fourcc("stco")})
      out.full_box(type, 0, 0, [&] { out.u32(0); });
    out.full_box(fourcc("stsz"), 0, 0, [&] { out.zeros(8); });
    for (const Box& box : children(stbl.body).value_or(std::vector<Box>{}))
      if (box.type == fourcc("sgpd")) out.raw(box.whole);  // 8.9.3: how far to decode before
  });
}

void write_track(Writer& out, FourCc type, View body) {
  out.box(type, [&] {
    for (const Box& box : children(body).value_or(std::vector<Box>{})) {
      if (box.type == fourcc("mdia") || box.type == fourcc("minf"))
        write_track(out, box.type, box.body);
      else if (box.type == fourcc("stbl"))
        write_empty_table(out, box);
      else if (box.type == fourcc("tkhd"))
        write_without_length(out, box, 20, 28);
      else if (box.type == fourcc("mdhd"))
        write_without_length(out, box, 16, 24);
      else if (box.type != fourcc("tref"))
        out.raw(box.whole);
    }
  });
}

// 8.8.1 to 8.8.3
// The length is that of the media with what the edit lists take off: qtdemux plays nothing of them
// that is later, and would lose the last pictures.
void write_extends(Writer& out, const Movie& movie, const std::vector<Source>& sources) {
  auto length = movie.duration;
  for (const auto& source : sources) {
    const auto edited = source.header.edits.empty() ? 0 : source.header.edits[0].duration;
    length = std::max(length, edited + static_cast<std::uint64_t>(
                                           scale_round(std::max<std::int64_t>(source.delay, 0),
                                                       movie.timescale, source.header.timescale)));
  }
  out.box(fourcc("mvex"), [&] {
    out.full_box(fourcc("mehd"), 1, 0, [&] { out.u64(length); });
    for (const auto& source : sources)
      out.full_box(fourcc("trex"), 0, 0, [&] {
        out.u32(source.header.id);
        out.u32(1);  // sample description
        out.zeros(12);
      });
  });
}

Bytes write_head(View moov, const Movie& movie, const std::vector<Source>& sources) {
  Writer out;
  out.box(fourcc("ftyp"), [&] {  // 4.3
    out.text("iso6");
    out.u32(0);
    out.text("iso6mp41dash");
  });
  out.box(fourcc("moov"), [&] {
    for (const Box& box : children(moov).value_or(std::vector<Box>{}))
      if (box.type == fourcc("mvhd")) write_without_length(out, box, 16, 24);
    for (const auto& source : sources) write_track(out, fourcc("trak"), source.trak);
    write_extends(out, movie, sources);
    if (sources.size() == 1) return;
    if (const auto texts = find(moov, {fourcc("udta")})) out.raw(texts->whole);
    for (const Box& box : children(moov).value_or(std::vector<Box>{}))
      if (box.type == fourcc("udta") || box.type == fourcc("meta")) out.raw(box.whole);
  });
  return out.release();
}

// --- fragments ---

// 8.8.3.1: depends on others or not, and is a sync sample or not.
constexpr std::uint32_t kSyncFlags = 0x02000000;
constexpr std::uint32_t kOtherFlags = 0x01010000;

// 8.8.8; `payload`: where its first byte is, from the beginning of the 'moof'.
void write_run(Writer& out, const Source& source, std::span<const Sample> samples,
               std::uint64_t payload) {
  constexpr std::uint32_t kOffset = 0x1, kDurations = 0x100, kSizes = 0x200, kFlags = 0x400,
                          kCompositions = 0x800;
  const bool pictures = source.pictures();
  const auto flags = kOffset | kDurations | kSizes | (pictures ? kFlags | kCompositions : 0);
  out.full_box(fourcc("trun"), 1, flags, [&] {
    out.u32(samples.size());
    out.u32(payload);
    for (const auto& s : samples) {
      out.u32(s.duration);
      out.u32(s.size);
      if (!pictures) continue;
      out.u32(s.sync ? kSyncFlags : kOtherFlags);
      out.u32(static_cast<std::uint32_t>(s.composition));
    }
  });
}

// 8.8.7, 8.8.12
void write_track_fragment(Writer& out, const Source& source, std::span<const Sample> samples,
                          std::uint64_t payload) {
  constexpr std::uint32_t kFromMoof = 0x020000, kDefaultFlags = 0x20;
  const bool pictures = source.pictures();
  out.box(fourcc("traf"), [&] {
    out.full_box(fourcc("tfhd"), 0, kFromMoof | (pictures ? 0 : kDefaultFlags), [&] {
      out.u32(source.header.id);
      if (!pictures) out.u32(kSyncFlags);
    });
    out.full_box(fourcc("tfdt"), 1, 0, [&] { out.u64(samples.front().start); });
    write_run(out, source, samples, payload);
  });
}

std::uint64_t bytes_of(std::span<const Sample> samples) {
  std::uint64_t bytes = 0;
  for (const auto& s : samples) bytes += s.size;
  return bytes;
}

Bytes write_fragment(const std::vector<Source>& sources, std::size_t n, std::uint64_t payload) {
  Writer out;
  out.box(fourcc("moof"), [&] {
    out.full_box(fourcc("mfhd"), 0, 0, [&] { out.u32(n + 1); });
    for (const auto& source : sources) {
      const auto samples = source.of(n);
      if (samples.empty()) continue;
      write_track_fragment(out, source, samples, payload);
      payload += bytes_of(samples);
    }
  });
  return out.release();
}

void add_ranges(std::span<const Sample> samples, std::vector<ByteRange>& ranges) {
  for (const auto& s : samples) {
    if (!ranges.empty() && ranges.back().offset + ranges.back().size == s.offset)
      ranges.back().size += s.size;
    else
      ranges.push_back({s.offset, s.size});
  }
}

Result<MovieFragment> make_fragment(const std::vector<Source>& sources, std::size_t n) {
  MovieFragment fragment;
  std::uint64_t payload = 0;
  for (const auto& source : sources) {
    payload += bytes_of(source.of(n));
    add_ranges(source.of(n), fragment.samples);
  }
  const auto head = write_fragment(sources, n, 0).size() + kPayloadHeaderBytes;
  if (payload + kPayloadHeaderBytes > kMost32)
    return fail(Kind::media, "a fragment of the film has more than 4 GB");
  Writer out;
  out.raw(write_fragment(sources, n, head));
  out.u32(kPayloadHeaderBytes + payload);
  out.u32(fourcc("mdat"));
  fragment.head = out.release();
  fragment.size = fragment.head.size() + payload;
  const auto& first = sources.front();
  fragment.shown = {first.time_of(first.first[n]), first.time_of(first.first[n + 1])};
  return fragment;
}

// 8.16.3: one level, of subsegments that all begin with a picture that decoding can begin with.
Bytes write_index(const Source& source, const std::vector<MovieFragment>& fragments) {
  constexpr std::uint32_t kBeginsWithSap1 = 0x90000000;
  // In the track's own ticks: libavformat 59 takes the length for such whatever is said here.
  const std::int64_t scale = source.header.timescale;
  const auto ticks = [scale](Nanoseconds t) {
    return static_cast<std::uint64_t>(scale_round(t.count(), scale, 1'000'000'000));
  };
  if (fragments.size() > kMostIndexed) return {};
  Writer out;
  out.full_box(fourcc("sidx"), 1, 0, [&] {
    out.u32(source.header.id);
    out.u32(static_cast<std::uint64_t>(scale));
    out.u64(ticks(fragments.front().shown.from));
    out.u64(0);
    out.u16(0);
    out.u16(fragments.size());
    for (const auto& fragment : fragments) {
      out.u32(fragment.size);
      out.u32(ticks(fragment.shown.to) - ticks(fragment.shown.from));
      out.u32(kBeginsWithSap1);
    }
  });
  return out.release();
}

}  // namespace

Result<std::vector<Nanoseconds>> fragment_times(View moov, Nanoseconds length) {
  const auto movie = read_movie(moov);
  if (!movie) return tl::unexpected(movie.error());
  const bool pictures = std::any_of(movie->tracks.begin(), movie->tracks.end(),
                                    [](const auto& t) { return t.handler == fourcc("vide"); });
  const auto source = read_source(moov, *movie, pictures ? fourcc("vide") : fourcc("soun"));
  if (!source) return tl::unexpected(source.error());
  std::vector<Nanoseconds> times{0ns};
  for (const auto& s : source->samples)
    if (const auto time = source->time(source->shown(s)); s.sync && time >= times.back() + length)
      times.push_back(time);
  return times;
}

Result<FragmentedMovie> fragment_movie(View moov, const std::vector<FourCc>& handlers,
                                       const std::vector<Nanoseconds>& times) {
  const auto movie = read_movie(moov);
  if (!movie) return tl::unexpected(movie.error());
  std::vector<Source> sources;
  for (const auto handler : handlers) {
    auto source = read_source(moov, *movie, handler);
    if (!source) return tl::unexpected(source.error());
    cut(*source, times);
    sources.push_back(std::move(*source));
  }
  FragmentedMovie film;
  for (std::size_t n = 0; n < sources.front().first.size() - 1; ++n) {
    if (sources.front().of(n).empty()) continue;
    auto fragment = make_fragment(sources, n);
    if (!fragment) return tl::unexpected(fragment.error());
    film.fragments.push_back(std::move(*fragment));
  }
  film.head = write_head(moov, *movie, sources);
  film.index = write_index(sources.front(), film.fragments);
  if (const auto entry = sample_entry(sources.front().trak)) film.codecs = codec_parameter(*entry);
  return film;
}

}  // namespace rostrum::mp4
