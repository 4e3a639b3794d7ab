// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_join.h"

#include "core/mp4_avc3.h"
#include "core/mp4_join_write.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace rostrum::mp4 {

namespace {

constexpr std::size_t kMostSamples = 20'000'000;

Bytes copy_of(View view) { return {view.begin(), view.end()}; }

// The fields of a sample entry before its boxes (12.1.3, 12.2.3).
constexpr std::size_t kVisualEntry = 78;
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

// A sample description without what measures the samples of one part only.
Bytes normalized(View stsd, bool sound) {
  Writer out;
  Reader r{stsd};
  out.full_box(fourcc("stsd"), 0, 0, [&] {
    r.skip(4);
    out.u32(r.u32());
    for (const Box& entry : children(r.rest()).value_or(std::vector<Box>{}))
      out.box(entry.type, [&] {
        const auto fixed = std::min(entry.body.size(), sound ? kAudioEntry : kVisualEntry);
        out.raw(entry.body.first(fixed));
        for (const Box& box : children(entry.body.subspan(fixed)).value_or(std::vector<Box>{})) {
          auto bytes = copy_of(box.whole);
          if (box.type == fourcc("esds")) clear_bitrates(bytes);
          if (box.type != fourcc("btrt")) out.raw(bytes);
        }
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

Result<void> add_part(JoinedTrack& track, std::size_t index, const JoinPart& part) {
  auto read = read_part(part, track.sound);
  if (!read) return broken(index, track.sound, "is damaged");
  const auto stsd = normalized(read->stsd.body, track.sound);
  if (index == 0) {
    track.trak = copy_of(read->trak.body);
    track.stsd = stsd;
    track.timescale = read->header.timescale;
    track.movie_timescale = read->movie_timescale;
    if (track.duration == 0) track.duration = read->samples.front().duration;
  }
  if (track.timescale != read->header.timescale || track.duration == 0)
    return broken(index, track.sound, "has another time scale than the first");
  track.descriptions.push_back(stsd);
  const auto count = static_cast<std::int64_t>(read->samples.size());
  const auto keep = part.keep < 0 ? count - part.skip : part.keep;
  if (part.skip < 0 || part.skip > count || keep > count - part.skip)
    return broken(index, track.sound, "is shorter than it must be");
  const auto first = track.samples.size();
  for (auto i = part.skip; i < part.skip + keep; ++i) {
    const auto& s = read->samples[static_cast<std::size_t>(i)];
    track.samples.push_back(
        {s.offset, s.size, static_cast<std::uint32_t>(index), s.composition, s.sync});
  }
  const bool to_its_end = keep > 0 && part.skip + keep == count;
  track.last_duration = track.sound && to_its_end
                            ? std::min(track.duration, read->samples.back().duration)
                            : track.duration;
  if (!even_delay(track, first)) return broken(index, track.sound, "is damaged");
  return {};
}

// Parts of H.264 with other parameter sets than the first become one film all the same.
Result<void> match_descriptions(JoinedTrack& track) {
  const auto differs = std::find_if(track.descriptions.begin(), track.descriptions.end(),
                                    [&](const Bytes& stsd) { return stsd != track.stsd; });
  if (differs == track.descriptions.end()) return {};
  const auto first = track.sound ? std::nullopt : read_avc(track.stsd);
  std::uint8_t level = 0;
  for (std::size_t i = 0; i < track.descriptions.size(); ++i) {
    auto part = read_avc(track.descriptions[i]);
    if (!first || !part || part->others != first->others)
      return broken(track.sound || !first
                        ? static_cast<std::size_t>(differs - track.descriptions.begin())
                        : i,
                    track.sound, "is encoded otherwise than the first");
    level = std::max(level, part->level);
    track.before_key.push_back(std::move(part->parameter_sets));
  }
  track.stsd = as_avc3(track.stsd, level);
  for (auto& s : track.samples)
    if (s.sync) s.size += static_cast<std::uint32_t>(track.before_key[s.part].size());
  return {};
}

Result<JoinedTrack> read_track(const std::vector<JoinPart>& parts, bool sound,
                               std::uint32_t packet) {
  JoinedTrack track;
  track.sound = sound;
  if (sound) track.duration = packet;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (auto done = add_part(track, i, parts[i]); !done) return tl::unexpected(done.error());
  if (auto done = match_descriptions(track); !done) return tl::unexpected(done.error());
  return track;
}

// Appends the samples [from, to) of a track to the payload, as one output chunk.
void place(JoinedTrack& track, std::size_t from, std::size_t to, JoinedMovie& film) {
  if (from >= to) return;
  track.chunk_first.push_back(static_cast<std::uint32_t>(from));
  track.chunk_offset.push_back(kPayloadHeader + film.payload_size);
  for (auto i = from; i < to; ++i) {
    const auto& s = track.samples[i];
    film.payload_size += s.size;
    auto before = s.sync && !track.before_key.empty() ? track.before_key[s.part] : Bytes{};
    const auto copied = s.size - before.size();
    auto* last = film.extents.empty() ? nullptr : &film.extents.back();
    if (last && before.empty() && last->sound == track.sound && last->part == s.part &&
        last->offset + last->size == s.offset)
      last->size += copied;
    else
      film.extents.push_back({track.sound, s.part, s.offset, copied, std::move(before)});
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
  JoinedMovie film;
  interleave(tracks, film);
  film.moov = write_movie(tracks, pictures.empty() ? sounds.front().moov : pictures.front().moov);
  return film;
}

}  // namespace rostrum::mp4
