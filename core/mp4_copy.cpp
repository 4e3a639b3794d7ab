// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_copy.h"

#include "core/mp4_headers.h"
#include "core/mp4_join_write.h"

#include <algorithm>
#include <numeric>

namespace rostrum::mp4 {

namespace {

constexpr std::size_t kMostSamples = 20'000'000;
constexpr std::uint32_t kOrdinary = 0x10000;  // speed of an edit
constexpr std::uint32_t kTicks = 100;         // of a frame, times the rate's denominator
constexpr Nanoseconds kClipped{1'000'000};    // a picture shown for less may not be shown at all

Nanoseconds time_of(std::int64_t ticks, std::uint32_t timescale) {
  const auto size = scale_round(ticks < 0 ? -ticks : ticks, 1'000'000'000, timescale);
  return Nanoseconds{ticks < 0 ? -size : size};
}

// What an edit list presents from where; `known`: it is a delay and one stretch at most.
struct Presented {
  bool known = true;
  Nanoseconds delay{0};
  std::int64_t from = 0;  // ticks
  Nanoseconds length = Nanoseconds::max();
};

Presented presented(const std::vector<Edit>& edits, std::uint32_t movie_timescale) {
  Presented found;
  bool begun = false;
  for (const auto& edit : edits) {
    const auto length = time_of(static_cast<std::int64_t>(edit.duration), movie_timescale);
    if (edit.media_time < 0 && !begun) {
      found.delay += length;
      continue;
    }
    found.known = found.known && !begun && edit.media_time >= 0 && edit.rate == kOrdinary;
    if (begun) continue;
    begun = true;
    found.from = edit.media_time;
    if (edit.duration > 0) found.length = length;
  }
  return found;
}

std::int64_t shown(const Sample& sample) {
  return static_cast<std::int64_t>(sample.start) + sample.composition;
}

// 12.1.3, 12.1.5; and 14496-15, 5.4.2.1.
Bytes sample_description(const avc::Config& config, Size size) {
  constexpr std::uint64_t kBt709 = 1;  // ITU-T H.273: primaries, transfer, matrix
  Writer out;
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    out.u32(1);
    out.box(fourcc("avc1"), [&] {
      out.zeros(6);
      out.u16(1);  // data reference
      out.zeros(16);
      out.u16(static_cast<std::uint64_t>(size.width));
      out.u16(static_cast<std::uint64_t>(size.height));
      out.u32(0x480000);  // 72 dpi
      out.u32(0x480000);
      out.zeros(4);
      out.u16(1);  // frame
      out.zeros(32);
      out.u16(0x18);  // colour without alpha
      out.u16(0xffff);
      out.box(fourcc("avcC"), [&] { out.raw(avc::write_config(config)); });
      out.box(fourcc("colr"), [&] {
        out.text("nclx");
        for (int i = 0; i < 3; ++i) out.u16(kBt709);
        out.u8(0);  // not of full range
      });
    });
  });
  return out.release();
}

// The samples with even times: where each stands in the order of showing.
std::vector<Joined> evenly(const std::vector<Sample>& samples, std::uint32_t duration,
                           std::int64_t& delay) {
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return shown(samples[a]) < shown(samples[b]);
  });
  std::vector<std::int64_t> ahead(samples.size());
  for (std::size_t r = 0; r < order.size(); ++r)
    ahead[order[r]] = static_cast<std::int64_t>(r) - static_cast<std::int64_t>(order[r]);
  delay = -std::min<std::int64_t>(0, *std::min_element(ahead.begin(), ahead.end())) * duration;
  std::vector<Joined> joined;
  for (std::size_t i = 0; i < samples.size(); ++i)
    joined.push_back({samples[i].offset, samples[i].size, 0,
                      static_cast<std::int32_t>(ahead[i] * duration + delay), samples[i].sync});
  return joined;
}

}  // namespace

Result<CodedTrack> read_coded_track(View moov) {
  const auto movie = read_movie(moov);
  if (!movie) return tl::unexpected(movie.error());
  if (movie->fragmented) return fail(Kind::media, "its pictures are in fragments");
  CodedTrack found;
  for (const auto& track : movie->tracks) {
    if (track.handler != fourcc("vide")) continue;
    if (found.header.id != 0) return fail(Kind::media, "it has several pictures");
    found.header = track;
  }
  for (const Box& box : children(moov).value_or(std::vector<Box>{})) {
    const auto hdlr = find(box.body, {fourcc("mdia"), fourcc("hdlr")});
    if (box.type != fourcc("trak") || !hdlr || hdlr->body.size() < 12) continue;
    Reader r{hdlr->body};
    r.skip(8);
    const auto stsd =
        find(box.body, {fourcc("mdia"), fourcc("minf"), fourcc("stbl"), fourcc("stsd")});
    if (r.u32() != fourcc("vide") || !stsd) continue;
    const auto config = avc::config_of(stsd->whole);
    if (!config) return fail(Kind::media, "it is not H.264 in one piece");
    found.config = *config;
  }
  auto samples = found.header.id ? samples_of(moov, found.header.id, kMostSamples) : std::nullopt;
  if (!samples || samples->empty()) return fail(Kind::media, "it has no list of its pictures");
  found.samples = std::move(*samples);
  return found;
}

Nanoseconds first_time(View moov) {
  const auto movie = read_movie(moov);
  std::optional<Nanoseconds> first;
  if (!movie) return Nanoseconds{0};
  for (const auto& track : movie->tracks) {
    if (track.handler != fourcc("vide") && track.handler != fourcc("soun")) continue;
    const auto samples = samples_of(moov, track.id, kMostSamples);
    if (!samples || samples->empty()) continue;
    const auto edit = presented(track.edits, movie->timescale);
    const auto time = time_of(shown(samples->front()) - edit.from, track.timescale) + edit.delay;
    first = std::min(first.value_or(time), time);
  }
  return std::max(first.value_or(Nanoseconds{0}), Nanoseconds{0});
}

std::optional<std::vector<Nanoseconds>> shown_times(const CodedTrack& track,
                                                    std::uint32_t movie_timescale) {
  const auto edit = presented(track.header.edits, movie_timescale);
  if (!edit.known) return {};
  std::vector<Nanoseconds> times;
  for (const auto& sample : track.samples) {
    if (sample.composition < 0) return {};
    const auto since = time_of(shown(sample) - edit.from, track.header.timescale);
    const bool outside = since < Nanoseconds{0} || since + kClipped > edit.length;
    times.push_back(outside ? kNoTime : since + edit.delay);
  }
  return times;
}

JoinedMovie copy_samples(const CodedTrack& coded, const CopiedPart& part) {
  const auto from = coded.samples.begin() + static_cast<std::ptrdiff_t>(part.first);
  JoinedTrack track;
  track.timescale = track.movie_timescale = static_cast<std::uint32_t>(part.rate.num) * kTicks;
  track.duration = track.last_duration = static_cast<std::uint32_t>(part.rate.den) * kTicks;
  track.samples =
      evenly({from, from + static_cast<std::ptrdiff_t>(part.count)}, track.duration, track.delay);
  track.stsd = sample_description(coded.config, part.size);
  const auto movie =
      sole_movie({false, track.timescale, track.length(), 0, part.size}, [](Writer&) {});
  track.trak = [&] {
    const auto trak = find(movie, {fourcc("trak")});
    return Bytes{trak->body.begin(), trak->body.end()};
  }();
  return write_movie({std::move(track)}, movie);
}

}  // namespace rostrum::mp4
