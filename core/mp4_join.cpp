// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_join.h"

#include "core/mp4_join_write.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <utility>

namespace rostrum::mp4 {

namespace {

constexpr std::size_t kMostSamples = 20'000'000;

Bytes copy_of(View view) { return {view.begin(), view.end()}; }

// The fields of a sample entry before its boxes (12.1.3, 12.2.3).
constexpr std::size_t kAudioEntry = 28;

// ISO/IEC 14496-1, 7.2.6: an expandable descriptor; its size is written in 7-bit groups.
std::size_t descriptor_body(View esds, std::size_t at) {
  ++at;
  while (at < esds.size() && esds[at] & 0x80) ++at;
  return at + 1;
}

// The decoder's buffer size and bit rates in an 'esds' box differ from unit to unit and say nothing
// that a decoder needs: 0 = unknown.
void clear_bitrates(Bytes& esds) {
  const std::size_t stream = 12;                       // box header, version and flags
  std::size_t at = descriptor_body(esds, stream) + 3;  // ES_ID, flags
  at = descriptor_body(esds, at) + 2;                  // object type, stream type
  for (std::size_t i = at; i < at + 11 && i < esds.size(); ++i) esds[i] = 0;
}

// Primaries, transfer and matrix of BT.709 (ISO/IEC 23091-2): those of every film.
constexpr std::uint8_t kBt709 = 1;

// H.264 and H.265 say them, and mp4mux then does.
bool lacks_colors(FourCc type) { return type == fourcc("vp09") || type == fourcc("av01"); }

// 12.1.5, of limited range.
void write_colors(Writer& out) {
  out.box(fourcc("colr"), [&] {
    out.text("nclx");
    for (int i = 0; i < 3; ++i) out.u16(kBt709);
    out.u8(0);
  });
}

// A sample description without what measures the samples of one part only.
Bytes normalized(View stsd, bool sound) {
  Writer out;
  Reader r{stsd};
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    r.skip(4);
    out.u32(r.u32());
    for (const Box& entry : children(r.rest()).value_or(std::vector<Box>{}))
      out.box(entry.type, [&] {
        const auto fixed = std::min(entry.body.size(), sound ? kAudioEntry : avc::kEntryFields);
        out.raw(entry.body.first(fixed));
        bool colors = !lacks_colors(entry.type);
        for (const Box& box : children(entry.body.subspan(fixed)).value_or(std::vector<Box>{})) {
          auto bytes = copy_of(box.whole);
          colors = colors || box.type == fourcc("colr");
          if (box.type == fourcc("esds")) clear_bitrates(bytes);
          if (box.type != fourcc("btrt")) out.raw(bytes);
        }
        if (!colors) write_colors(out);
      });
  });
  return out.release();
}

std::optional<Box> track_box(View moov, FourCc handler) {
  for (const Box& box : children(moov).value_or(std::vector<Box>{})) {
    if (box.type != fourcc("trak")) continue;
    const auto hdlr = find(box.body, {fourcc("mdia"), fourcc("hdlr")});
    if (!hdlr) continue;
    Reader r{hdlr->body};
    r.skip(8);
    if (r.u32() == handler) return box;
  }
  return {};
}

tl::unexpected<Error> broken(std::size_t part, bool sound, const char* what) {
  return fail(Kind::media, std::string{"chunk "} + std::to_string(part) +
                               (sound ? " of the sound " : " of the picture ") + what);
}

// What a part's movie box says, before it is added to the track.
struct PartTrack {
  Box trak;
  Box stsd;
  std::uint32_t movie_timescale = 0;
  Track header;
  std::vector<Sample> samples;
};

std::optional<PartTrack> read_part(const JoinPart& part, bool sound) {
  const auto movie = read_movie(part.moov);
  const auto trak = track_box(part.moov, sound ? fourcc("soun") : fourcc("vide"));
  if (!movie || !trak) return {};
  const auto stsd =
      find(trak->body, {fourcc("mdia"), fourcc("minf"), fourcc("stbl"), fourcc("stsd")});
  for (const Track& track : movie->tracks) {
    if (track.handler != (sound ? fourcc("soun") : fourcc("vide"))) continue;
    auto samples = samples_of(part.moov, track.id, kMostSamples);
    if (!samples || samples->empty() || !stsd) return {};
    return PartTrack{*trak, *stsd, movie->timescale, track, std::move(*samples)};
  }
  return {};
}

bool delay_more(JoinedTrack& track, std::size_t from, std::size_t to, std::int64_t more) {
  for (auto i = from; i < to; ++i) {
    auto& s = track.samples[i];
    const auto composition = s.composition + more;
    if (composition != static_cast<std::int32_t>(composition)) return false;
    s.composition = static_cast<std::int32_t>(composition);
  }
  return true;
}

// The samples from `first` on are a new part's.  An encoder that saw fewer pictures than it may
// reorder delays them less: all parts get the delay of the one that needs most, so that each begins
// on its own frame.  False when times are absurd.
bool even_delay(JoinedTrack& track, std::size_t first) {
  const auto end = track.samples.size();
  std::int64_t own = std::numeric_limits<std::int32_t>::max();
  for (auto i = first; i < end; ++i)
    own = std::min(
        own, static_cast<std::int64_t>(i - first) * track.duration + track.samples[i].composition);
  if (first == end) return true;
  if (own <= track.delay) return delay_more(track, first, end, track.delay - own);
  const auto more = own - std::exchange(track.delay, own);
  return delay_more(track, 0, first, more);
}

// Gives pictures that are held the times that they would have if each lasted a frame.  False when
// they do not come with these frames.
bool gather(PartTrack& read, const std::vector<std::int64_t>& frames) {
  auto& samples = read.samples;
  if (samples.size() != frames.size()) return false;
  const auto shown = [&](std::size_t i) {
    return static_cast<std::int64_t>(samples[i].start) + samples[i].composition;
  };
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return shown(a) < shown(b); });
  const auto last = frames.back();
  const auto span = shown(order.back()) - shown(order.front());
  const auto frame = last > 0 ? (span + last / 2) / last : samples.front().duration;
  std::int64_t delay = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto off = shown(order[rank]) - shown(order.front()) - frames[rank] * frame;
    if (2 * std::abs(off) >= frame) return false;
    delay =
        std::max(delay, static_cast<std::int64_t>(order[rank]) - static_cast<std::int64_t>(rank));
  }
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto i = static_cast<std::int64_t>(order[rank]);
    samples[order[rank]].composition =
        static_cast<std::int32_t>((static_cast<std::int64_t>(rank) + delay - i) * frame);
    samples[order[rank]].duration = static_cast<std::uint32_t>(frame);
  }
  return true;
}

// The time scale of pictures may differ, their rate may not.
bool same_rate(const JoinedTrack& track, const PartTrack& part) {
  if (track.timescale == part.header.timescale) return true;
  return !track.sound && std::uint64_t{track.duration} * part.header.timescale ==
                             std::uint64_t{part.samples.front().duration} * track.timescale;
}

std::int32_t rescaled(std::int32_t ticks, std::uint32_t from, std::uint32_t to) {
  if (from == to) return ticks;
  return static_cast<std::int32_t>(std::int64_t{ticks} * to / from);
}

// 12.1.3: width and height, after what all entries have and the fields that are predefined.
bool same_size(View a, View b) {
  constexpr std::size_t kSize = 24;
  return std::ranges::equal(a.subspan(kSize, 4), b.subspan(kSize, 4));
}

// Whether a part of this sample description can come after those before; notes how it is coded.
bool can_follow(JoinedTrack& track, View stsd) {
  if (track.sound) return std::ranges::equal(track.stsd, stsd);
  const auto config = avc::config_of(stsd);
  track.configs.push_back(config.value_or(avc::Config{}));
  if (std::ranges::equal(track.stsd, stsd)) return true;
  track.alike = false;
  return config && avc::config_of(track.stsd) &&
         same_size(avc::entry_of(track.stsd)->body, avc::entry_of(stsd)->body);
}

Result<void> add_part(JoinedTrack& track, std::size_t index, const JoinPart& part) {
  auto read = read_part(part, track.sound);
  if (!read) return broken(index, track.sound, "is damaged");
  if (!part.frames.empty() && !gather(*read, part.frames))
    return broken(index, track.sound, "has other frames than were to be encoded");
  const auto stsd = normalized(read->stsd.body, track.sound);
  if (index == 0) {
    track.trak = copy_of(read->trak.body);
    track.stsd = stsd;
    track.timescale = read->header.timescale;
    track.movie_timescale = read->movie_timescale;
    if (track.duration == 0) track.duration = read->samples.front().duration;
  }
  if (track.duration == 0 || !same_rate(track, *read))
    return broken(index, track.sound, "has another time scale than the first");
  if (!can_follow(track, stsd))
    return broken(index, track.sound, "is encoded otherwise than the first");
  const auto count = static_cast<std::int64_t>(read->samples.size());
  const auto keep = part.keep < 0 ? count - part.skip : part.keep;
  if (part.skip < 0 || part.skip > count || keep > count - part.skip)
    return broken(index, track.sound, "is shorter than it must be");
  const auto first = track.samples.size();
  for (auto i = part.skip; i < part.skip + keep; ++i) {
    const auto& s = read->samples[static_cast<std::size_t>(i)];
    track.samples.push_back({s.offset, s.size, static_cast<std::uint32_t>(index),
                             rescaled(s.composition, read->header.timescale, track.timescale),
                             s.sync});
  }
  const bool to_its_end = keep > 0 && part.skip + keep == count;
  track.last_duration = track.sound && to_its_end
                            ? std::min(track.duration, read->samples.back().duration)
                            : track.duration;
  if (!even_delay(track, first)) return broken(index, track.sound, "is damaged");
  return {};
}

// With which frame of the film each picture comes, in order of presentation, and where they end.
std::vector<std::int64_t> frames_of(const JoinedTrack& track, const std::vector<JoinPart>& parts) {
  std::vector<std::int64_t> counts(parts.size());
  for (const auto& sample : track.samples) ++counts[sample.part];
  std::vector<std::int64_t> frames;
  std::int64_t first = 0;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const auto& held = parts[p].frames;
    for (const auto frame : held) frames.push_back(first + frame);
    if (held.empty())
      for (std::int64_t n = 0; n < counts[p]; ++n) frames.push_back(first + n);
    first += held.empty() ? counts[p] : held.back() + 1;
  }
  frames.push_back(first);
  return frames;
}

// Moves the pictures, of which until now each lasted a frame, to their own frames.  Each is decoded
// with the one that is shown so many before it as decoding is ahead, which is as late as can be.
void hold(JoinedTrack& track, std::vector<std::int64_t> frames) {
  const auto frame = static_cast<std::int64_t>(track.duration);
  const auto ahead = (track.delay + frame - 1) / frame;
  const auto last = std::ssize(frames) - 2;
  for (std::int64_t i = 0; i < std::ssize(track.samples); ++i) {
    auto& s = track.samples[static_cast<std::size_t>(i)];
    const auto decoded = track.decoded.emplace_back(
        i < ahead ? i : frames[static_cast<std::size_t>(i - ahead)] + ahead);
    const auto shown = (i * frame + s.composition - track.delay + frame / 2) / frame;
    s.composition = static_cast<std::int32_t>(
        (frames[static_cast<std::size_t>(std::clamp<std::int64_t>(shown, 0, last))] + ahead -
         decoded) *
        frame);
  }
  track.delay = ahead * frame;
  track.frames = std::move(frames);
}

// How many there are, as far as the parts' indexes say.
std::size_t count_samples(const std::vector<JoinPart>& parts) {
  std::size_t count = 0;
  for (const auto& part : parts)
    if (const auto movie = read_movie(part.moov))
      for (const Track& track : movie->tracks) count += track.samples;
  return std::min(count, kMostSamples);
}

Result<JoinedTrack> read_track(const std::vector<JoinPart>& parts, bool sound,
                               std::uint32_t packet) {
  JoinedTrack track;
  track.sound = sound;
  if (sound) track.duration = packet;
  track.samples.reserve(count_samples(parts));
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (auto done = add_part(track, i, parts[i]); !done) return tl::unexpected(done.error());
  if (std::any_of(parts.begin(), parts.end(), [](const auto& p) { return !p.frames.empty(); }))
    hold(track, frames_of(track, parts));
  return track;
}

}  // namespace

Result<JoinedMovie> join_movies(const std::vector<JoinPart>& pictures,
                                const std::vector<JoinPart>& sounds, std::uint32_t packet) {
  std::vector<JoinedTrack> tracks;
  for (const bool sound : {false, true}) {
    const auto& parts = sound ? sounds : pictures;
    if (parts.empty()) continue;
    auto track = read_track(parts, sound, packet);
    if (!track) return tl::unexpected(track.error());
    tracks.push_back(std::move(*track));
  }
  if (tracks.empty()) return fail(Kind::internal, "there is nothing to join");
  return write_movie(std::move(tracks),
                     pictures.empty() ? sounds.front().moov : pictures.front().moov);
}

}  // namespace rostrum::mp4
