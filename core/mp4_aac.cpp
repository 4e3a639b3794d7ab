// SPDX-License-Identifier: LGPL-2.1-or-later
// Section numbers are those of ISO/IEC 14496-12.
#include "core/mp4_aac.h"

#include "core/mp4_movie.h"
#include "core/mp4_sound.h"
#include "core/sample_entry.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rostrum::mp4 {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kLongest = kLongestHours * 3600;  // seconds
constexpr std::uint32_t kOrdinary = 0x10000;              // speed of an edit
constexpr std::uint32_t kLargestPacket = 1 << 16;
constexpr std::uint32_t kMostPackets = 1 << 28;  // 1000 h and more
constexpr std::uint32_t kMostRuns = 1 << 16;  // 1 MiB; times that are written by a clock have more
// ISO/IEC 14496-3, 1.6.3.3.
constexpr std::array kRates = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                               22050, 16000, 12000, 11025, 8000,  7350};

Nanoseconds time_of(std::uint64_t ticks, std::uint64_t timescale) {
  return Nanoseconds{
      scale_floor(static_cast<std::int64_t>(ticks), kSecond, static_cast<std::int64_t>(timescale))};
}

struct Coding {
  int rate = 0;
  int channels = 0;
};

// Of an AudioSpecificConfig (14496-3, 1.6.2.1): AAC-LC, packets of 1024 samples, and not said to be
// more than that.
std::optional<Coding> plain_coding(View config) {
  constexpr std::array<std::uint8_t, 3> kNoReplication = {0x56, 0xe5, 0x00};
  constexpr std::uint32_t kLowComplexity = 2;
  const bool more =
      config.size() != 2 &&
      !(config.size() == 5 && std::equal(kNoReplication.begin(), kNoReplication.end(), &config[2]));
  if (more) return {};
  const auto bits = static_cast<std::uint32_t>(config[0]) << 8 | config[1];
  const auto index = bits >> 7 & 0xf;
  const auto channels = static_cast<int>(bits >> 3 & 0xf);
  if (bits >> 11 != kLowComplexity || index >= kRates.size() || (bits & 7) != 0) return {};
  if (channels != 1 && channels != 2) return {};
  return Coding{kRates[index], channels};
}

// Tables of the length of a file without its encoder's padding, which are not of this standard.
bool names_padding(const Box& box) {
  constexpr std::string_view kName = "iTunSMPB";
  return box.type != fourcc("trak") && std::search(box.body.begin(), box.body.end(), kName.begin(),
                                                   kName.end()) != box.body.end();
}

// How long all that is presented is: longer than the header says if an edit list is.
Nanoseconds length_of(const Movie& movie) {
  std::uint64_t length = movie.duration;
  for (const auto& track : movie.tracks) {
    std::uint64_t edited = 0;
    for (const auto& edit : track.edits) edited += edit.duration;
    length = std::max(length, edited);
  }
  return time_of(length, movie.timescale);
}

// 8.6.6: all of it, or one stretch, perhaps after a delay.
std::optional<Heard> heard_of(const Movie& movie, const Track& track) {
  const auto end = length_of(movie);
  if (track.edits.empty())
    return Heard{0ns, std::min(time_of(track.duration, track.timescale), end), 0ns};
  const bool late = track.edits.front().media_time < 0;
  const auto& edit = track.edits.back();
  if (track.edits.size() != (late ? 2 : 1) || edit.media_time < 0 || edit.rate != kOrdinary)
    return {};
  const auto delay = late ? track.edits.front().duration : 0;
  const auto at = time_of(delay, movie.timescale);
  const auto from = time_of(static_cast<std::uint64_t>(edit.media_time), track.timescale);
  const auto stop = edit.duration == 0 ? end : time_of(delay + edit.duration, movie.timescale);
  if (stop <= at) return {};
  return Heard{from, from + (stop - at), at};
}

// Of half a million entries each, in an hour or three, a Reader would take milliseconds.
std::uint32_t u32_at(View table, std::size_t i) {
  const auto* bytes = &table[4 * i];
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

bool has_any(View stbl, std::initializer_list<FourCc> types) {
  return std::any_of(types.begin(), types.end(),
                     [&](FourCc type) { return find(stbl, {type}).has_value(); });
}

// The only track of sound.
const Track* sole_sound(const Movie& movie) {
  const Track* found = nullptr;
  for (const auto& track : movie.tracks) {
    if (track.handler != fourcc("soun")) continue;
    if (found) return nullptr;
    found = &track;
  }
  return found;
}

bool has_picture(const Movie& movie) {
  return std::any_of(movie.tracks.begin(), movie.tracks.end(),
                     [](const Track& track) { return track.handler == fourcc("vide"); });
}

// The tracks of a movie are in the order of their boxes.
std::optional<View> box_of(const std::vector<Box>& boxes, const Movie& movie, const Track* wanted) {
  auto ahead = wanted - movie.tracks.data();
  for (const auto& box : boxes)
    if (box.type == fourcc("trak") && ahead-- == 0) return box.body;
  return {};
}

}  // namespace

bool AacTrack::read_coding(View trak, View moov) {
  const auto entry = sample_entry(trak);
  const auto config = aac_config(moov);
  const auto coding = config ? plain_coding(*config) : std::nullopt;
  constexpr std::size_t kVersion = 8;  // of the entry, 0 but in QuickTime's
  if (!coding || !entry || entry->type != fourcc("mp4a") || entry->fields[kVersion] != 0 ||
      entry->fields[kVersion + 1] != 0)
    return false;
  config_ = *config;
  rate_ = coding->rate;
  channels_ = coding->channels;
  return true;
}

// 8.7.3
bool AacTrack::read_sizes(View stbl) {
  const auto stsz = mp4::find(stbl, {fourcc("stsz")});
  if (!stsz) return false;
  Reader r{stsz->body};
  r.skip(4);
  const auto common = r.u32();
  const auto count = r.u32();
  if (common != 0 || count == 0 || count > kMostPackets || count > r.left() / 4) return false;
  const auto table = r.take(std::size_t{count} * 4);
  sizes_.resize(count);
  for (std::size_t i = 0; i < count; ++i) sizes_[i] = u32_at(table, i);
  const auto [least, most] = std::minmax_element(sizes_.begin(), sizes_.end());
  return *least > 0 && *most <= kLargestPacket;
}

// 8.7.4, 8.7.5
bool AacTrack::read_chunks(View stbl, std::uint64_t file_size) {
  const auto stsc = mp4::find(stbl, {fourcc("stsc")});
  const auto wide = mp4::find(stbl, {fourcc("co64")});
  const auto stco = wide ? wide : mp4::find(stbl, {fourcc("stco")});
  if (!stsc || !stco) return false;
  Reader runs{stsc->body};
  Reader offsets{stco->body};
  runs.skip(4);
  offsets.skip(4);
  auto runs_left = runs.u32();
  const auto count = offsets.u32();
  std::uint32_t per_chunk = 0;
  std::uint32_t next_run = runs_left > 0 ? runs.u32() : 0;
  std::size_t packet = 0;
  for (std::uint32_t chunk = 1; chunk <= count && packet < sizes_.size(); ++chunk) {
    if (chunk == next_run) {
      per_chunk = runs.u32();
      if (runs.u32() != 1) return false;  // another sample entry
      next_run = --runs_left > 0 ? runs.u32() : 0;
      if (next_run != 0 && next_run <= chunk) return false;
    }
    auto end = offsets.word(wide ? 1 : 0);
    chunks_.push_back({end, packet});
    if (per_chunk == 0 || per_chunk > sizes_.size() - packet || !offsets.ok() || !runs.ok())
      return false;
    for (std::uint32_t i = 0; i < per_chunk; ++i) end += sizes_[packet++];
    if (end > file_size || end < chunks_.back().offset) return false;
  }
  return packet == sizes_.size();
}

// 8.6.1.2
bool AacTrack::read_times(View stbl) {
  const auto stts = mp4::find(stbl, {fourcc("stts")});
  if (!stts) return false;
  Reader r{stts->body};
  r.skip(4);
  const auto entries = r.u32();
  if (entries > kMostRuns || entries > r.left() / 8) return false;
  std::uint64_t ticks = 0;
  std::uint64_t packet = 0;
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::uint64_t count = r.u32();
    const std::uint64_t step = r.u32();
    times_.push_back({ticks, static_cast<std::uint32_t>(packet), static_cast<std::uint32_t>(step)});
    packet += count;
    if (count == 0 || packet > sizes_.size()) return false;
    // A hole is more than what rounding to milliseconds leaves; behind the last packet is none.
    const auto rate = static_cast<std::uint64_t>(rate_);
    const bool hole = step * rate * 1000 > std::uint64_t{timescale_} * (1024 * 1000 + rate);
    if (hole && !(count == 1 && packet == sizes_.size())) return false;
    ticks += count * step;
  }
  return packet == sizes_.size() && ticks / timescale_ < kLongest;
}

std::optional<AacTrack> AacTrack::find(View moov, std::uint64_t file_size) {
  const auto boxes = children(moov);
  const auto movie = boxes ? read_movie(moov) : fail(Kind::media, "");
  if (!movie || movie->fragmented || movie->duration == 0 ||
      movie->duration / movie->timescale >= kLongest ||
      std::any_of(boxes->begin(), boxes->end(), names_padding))
    return {};
  const auto* track = sole_sound(*movie);
  const auto trak = track ? box_of(*boxes, *movie, track) : std::nullopt;
  const auto stbl =
      trak ? mp4::find(*trak, {fourcc("mdia"), fourcc("minf"), fourcc("stbl")}) : std::nullopt;
  if (!stbl || has_any(stbl->body, {fourcc("ctts"), fourcc("stss"), fourcc("stz2")})) return {};
  AacTrack found;
  found.timescale_ = track->timescale;
  const auto heard = heard_of(*movie, *track);
  if (!heard || !found.read_coding(*trak, moov) || !found.read_sizes(stbl->body) ||
      !found.read_times(stbl->body) || !found.read_chunks(stbl->body, file_size))
    return {};
  // A demuxer begins two packets earlier: where they stand decides the medium's first time.
  if (heard->at > 0ns && (heard->from > 0ns || has_picture(*movie))) return {};
  found.heard_ = *heard;
  return found;
}

Nanoseconds AacTrack::start(std::size_t packet) const {
  const auto next = std::upper_bound(times_.begin(), times_.end(), packet,
                                     [](std::size_t p, const Run& run) { return p < run.first; });
  const auto& run = *std::prev(next);
  return time_of(run.start + std::uint64_t{packet - run.first} * run.step, timescale_);
}

std::size_t AacTrack::packet_at(Nanoseconds time) const {
  const auto next = std::upper_bound(
      times_.begin(), times_.end(), time,
      [this](Nanoseconds t, const Run& run) { return t < time_of(run.start, timescale_); });
  if (next == times_.begin()) return 0;
  const auto& run = *std::prev(next);
  const auto last = (next == times_.end() ? sizes_.size() : next->first) - 1;
  if (run.step == 0) return last;
  const auto ticks =
      scale_floor((time - time_of(run.start, timescale_)).count(), timescale_, kSecond);
  auto packet = run.first + static_cast<std::size_t>(ticks) / run.step;
  while (packet < last && start(packet + 1) <= time) ++packet;  // times are rounded down
  return std::min(packet, last);
}

PacketsInFile AacTrack::run_from(std::size_t packet, std::size_t bytes) const {
  const auto next = std::upper_bound(chunks_.begin(), chunks_.end(), packet,
                                     [](std::size_t p, const Chunk& c) { return p < c.first; });
  const auto& chunk = *std::prev(next);
  const auto end = next == chunks_.end() ? sizes_.size() : next->first;
  PacketsInFile run{chunk.offset, packet, 0, 0};
  for (auto p = chunk.first; p < packet; ++p) run.offset += sizes_[p];
  for (auto p = packet; p < end && (run.count == 0 || run.bytes + sizes_[p] <= bytes); ++p) {
    run.bytes += sizes_[p];
    ++run.count;
  }
  return run;
}

}  // namespace rostrum::mp4
