// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of RFC 9559.
#include "core/matroska.h"

#include "core/ebml.h"
#include "core/matroska_head.h"
#include "core/mp4_sound.h"

#include <algorithm>
#include <utility>

namespace rostrum::matroska {

namespace {

using mp4::fourcc;

constexpr std::size_t kMostSamples = 500'000'000;
constexpr std::uint32_t kBlock = 0xA1, kSimpleBlock = 0xA3;
constexpr std::uint64_t kBlockFields = 4;  // 10.1: number, time, flags

// 10.3: a cluster begins with a picture that decoding can begin with, unless that is near its
// beginning, and lasts no longer than players like to hold.
constexpr std::int64_t kShortestCluster = 1000;  // ms
constexpr std::int64_t kLongestCluster = 5000;

tl::unexpected<Error> damaged() { return fail(Kind::media, "the film's index is damaged"); }

std::int64_t milliseconds(std::int64_t ticks, std::uint32_t timescale) {
  return scale_round(ticks, 1000, timescale);
}

std::uint32_t lasting(const mp4::Track& header, const std::vector<mp4::Sample>& samples) {
  const auto first = samples.front().duration;
  const bool alike = std::all_of(samples.begin(), std::prev(samples.end()),
                                 [&](const auto& s) { return s.duration == first; });
  const bool sound = header.handler == fourcc("soun");
  return alike && (sound || samples.back().duration == first) ? first : 0;
}

// What FFmpeg's encoder adds, that there is no SBR, is read as its opposite by matroskademux 1.22,
// which then doubles the rate (ISO/IEC 14496-3, 1.6.5).
void forget_sbr(Bytes& config) {
  constexpr std::size_t kPlain = 2;
  if (config.size() == 5 && config[2] == 0x56 && config[3] == 0xE5 && config[4] < 0x80)
    config.resize(kPlain);
}

// FFmpeg 5.1 and GStreamer 1.22 do not leave out what CodecDelay says of AAC.  So packets that hold
// nothing but priming are left out here, as other muxers do it: what the decoder makes of the next
// one, of which half is missing then, is a fade-in of a packet's length.
void leave_out_priming(Track& track) {
  if (track.codec != "A_AAC" || track.lasting == 0) return;
  const auto packets =
      std::min<std::int64_t>(track.skipped / track.lasting, std::ssize(track.samples) - 1);
  const auto ticks = packets * track.lasting;
  track.samples.erase(track.samples.begin(), track.samples.begin() + packets);
  for (auto& s : track.samples) s.start -= static_cast<std::uint64_t>(ticks);
  track.skipped -= ticks;
}

Result<Track> read_track(View moov, View trak, const mp4::Movie& movie, const mp4::Track& header) {
  auto samples = mp4::samples_of(moov, header.id, kMostSamples);
  const auto entry = mp4::sample_entry(trak);
  if (!samples || samples->empty() || !entry || header.edits.size() != 1 ||
      header.edits[0].media_time < 0)
    return damaged();
  Track track{header, *entry, std::move(*samples)};
  track.skipped = header.edits[0].media_time;
  track.length = scale_round(static_cast<std::int64_t>(header.edits[0].duration), header.timescale,
                             movie.timescale);
  track.lasting = lasting(header, track.samples);
  auto coding = coding_of(*entry, track.skipped);
  if (!coding) return fail(Kind::media, "the film is coded in a way that Matroska does not know");
  track.codec = std::move(coding->codec);
  track.private_data = std::move(coding->private_data);
  if (track.codec == "A_AAC") track.private_data = mp4::aac_config(moov).value_or(Bytes{});
  forget_sbr(track.private_data);
  leave_out_priming(track);
  return track;
}

Result<std::vector<Track>> read_tracks(View moov, const mp4::Movie& movie) {
  std::vector<Track> tracks;
  std::size_t index = 0;
  for (const mp4::Box& box : mp4::children(moov).value_or(std::vector<mp4::Box>{})) {
    if (box.type != fourcc("trak") || index >= movie.tracks.size()) continue;
    const auto& header = movie.tracks[index++];
    if (header.handler != fourcc("vide") && header.handler != fourcc("soun")) continue;
    auto track = read_track(moov, box.body, movie, header);
    if (!track) return tl::unexpected(track.error());
    tracks.push_back(std::move(*track));
  }
  if (tracks.empty()) return damaged();
  return tracks;
}

Block block_of(const Track& track, const mp4::Sample& s) {
  const auto ticks =
      static_cast<std::int64_t>(s.start) + (track.sound() ? 0 : s.composition - track.skipped);
  const auto time = milliseconds(std::max<std::int64_t>(ticks, 0), track.header.timescale);
  return {s.offset, s.size, track.sound(), s.sync, time};
}

// What a decoder makes of the last packet beyond the film's end.  A packet of FLAC may be shorter,
// others only say that they are.
void end_sound(const Track& track, Block& last) {
  const auto& s = track.samples.back();
  const auto length = track.codec == "A_FLAC" || track.lasting == 0 ? s.duration : track.lasting;
  const auto beyond = static_cast<std::int64_t>(s.start) + length - track.skipped - track.length;
  if (beyond > 0)
    last.discarded = Nanoseconds{
        scale_round(std::min<std::int64_t>(beyond, length), 1'000'000'000, track.header.timescale)};
}

// Where pictures last differently long, nothing follows that would end the last one.
void end_picture(const Track& track, std::vector<Block>& blocks) {
  if (track.lasting > 0) return;
  Block* last = nullptr;
  std::int64_t before = 0;  // the picture that is decoded before it
  for (auto& block : blocks) {
    if (block.sound) continue;
    block.reference = std::exchange(before, block.time) - block.time;
    if (!last || block.time > last->time) last = &block;
  }
  last->duration =
      std::max<std::int64_t>(milliseconds(track.length, track.header.timescale) - last->time, 1);
}

// When a packet has to be there, from the film's beginning.
Nanoseconds needed(const Track& track, const mp4::Sample& s) {
  const auto ticks = static_cast<std::int64_t>(s.start) - track.skipped;
  return Nanoseconds{
      scale_round(std::max<std::int64_t>(ticks, 0), 1'000'000'000, track.header.timescale)};
}

// All packets in the order in which they are needed.
std::vector<Block> interleave(const std::vector<Track>& tracks) {
  std::size_t count = 0;
  for (const auto& track : tracks) count += track.samples.size();
  std::vector<Block> blocks;
  blocks.reserve(count);
  std::vector<std::size_t> next(tracks.size());
  while (blocks.size() < count) {
    std::size_t best = tracks.size();
    for (std::size_t t = 0; t < tracks.size(); ++t)
      if (next[t] < tracks[t].samples.size() &&
          (best == tracks.size() || needed(tracks[t], tracks[t].samples[next[t]]) <
                                        needed(tracks[best], tracks[best].samples[next[best]])))
        best = t;
    const auto& track = tracks[best];
    blocks.push_back(block_of(track, track.samples[next[best]++]));
    if (track.sound() && next[best] == track.samples.size()) end_sound(track, blocks.back());
  }
  for (const auto& track : tracks)
    if (!track.sound()) end_picture(track, blocks);
  return blocks;
}

bool is_plain(const Block& block) { return block.duration == 0 && block.discarded == 0ns; }

std::uint64_t bytes_of(const Block& block, const Cluster& cluster) {
  return block_head(block, cluster).size() + block.size + block_tail(block).size();
}

void cut(Film& film, std::vector<Cue>& cues) {
  for (std::size_t i = 0; i < film.blocks.size(); ++i) {
    const auto& block = film.blocks[i];
    const auto age = film.clusters.empty() ? 0 : block.time - film.clusters.back().time;
    const bool entrance = !block.sound && block.key;
    if (film.clusters.empty() || age >= kLongestCluster || (entrance && age >= kShortestCluster)) {
      film.clusters.push_back({block.time, i, i, 0});
    }
    if (entrance) cues.push_back({block.time, film.clusters.size() - 1});
    auto& cluster = film.clusters.back();
    cluster.size += bytes_of(block, cluster);
    cluster.end = i + 1;
  }
}

void write_fields(ebml::Writer& out, const Block& block, const Cluster& cluster) {
  out.big_endian(0x80 | (block.sound ? kSoundNumber : kPictureNumber), 1);
  out.big_endian(static_cast<std::uint16_t>(block.time - cluster.time), 2);
  out.big_endian(is_plain(block) && block.key ? 0x80 : 0, 1);
}

}  // namespace

Bytes cluster_head(const Cluster& cluster) {
  ebml::Writer time;
  time.number(0xE7, static_cast<std::uint64_t>(cluster.time));
  ebml::Writer out;
  out.id(0x1F43B675);
  out.wide_size(time.bytes().size() + cluster.size);
  out.raw(time.bytes());
  return out.release();
}

Bytes block_head(const Block& block, const Cluster& cluster) {
  ebml::Writer out;
  ebml::Writer inside;
  inside.id(is_plain(block) ? kSimpleBlock : kBlock);
  inside.size(kBlockFields + block.size);
  write_fields(inside, block, cluster);
  if (!is_plain(block)) {
    out.id(0xA0);
    out.size(inside.bytes().size() + block.size + block_tail(block).size());
  }
  out.raw(inside.bytes());
  return out.release();
}

// 5.1.3.5: what a simple block cannot say.
Bytes block_tail(const Block& block) {
  ebml::Writer out;
  if (block.duration > 0) out.number(0x9B, static_cast<std::uint64_t>(block.duration));
  if (block.duration > 0 && !block.key) out.signed_number(0xFB, block.reference);
  if (block.discarded > 0ns) out.signed_number(0x75A2, block.discarded.count());
  return out.release();
}

Result<Film> remux(View moov, const Description& about) {
  const auto movie = mp4::read_movie(moov);
  if (!movie) return tl::unexpected(movie.error());
  if (movie->fragmented) return damaged();
  const auto tracks = read_tracks(moov, *movie);
  if (!tracks) return tl::unexpected(tracks.error());
  Film film;
  film.blocks = interleave(*tracks);
  std::vector<Cue> cues;
  cut(film, cues);
  double duration = 0;  // exactly, of the longer one
  for (const auto& track : *tracks)
    duration =
        std::max(duration, 1000.0 * static_cast<double>(track.length) / track.header.timescale);
  film.head = write_head(*tracks, about, duration, cues, film);
  return film;
}

}  // namespace rostrum::matroska
