// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/hls_clock.h"

#include "core/mp4_movie.h"

#include <algorithm>
#include <map>
#include <set>

namespace rostrum::hls {

namespace {

constexpr std::size_t kPacket = 188;
constexpr Nanoseconds kJitter = 2ms;                      // of times that were rounded on their way
constexpr Nanoseconds kTick{1'000'000'000 / 90'000 + 1};  // what an MP4 of 90 kHz can tell apart
constexpr Nanoseconds kWrap{95'443'717'688'888};          // 2^33 / 90 kHz

Nanoseconds from_ticks(std::uint64_t ticks) {
  return Nanoseconds{static_cast<std::int64_t>(ticks * 100'000 / 9)};
}

// Where the payload of a transport packet begins (2.4.3.2); nothing: it has none.
std::optional<mp4::View> payload_of(mp4::View packet) {
  const int control = packet[3] >> 4 & 3;
  if ((control & 1) == 0) return {};
  const std::size_t at = control == 3 ? std::size_t{5} + packet[4] : 4;
  if (at >= packet.size()) return {};
  return packet.subspan(at);
}

// The time of the packet of an elementary stream that begins here (2.4.3.6).
std::optional<Nanoseconds> time_of(mp4::View pes) {
  if (pes.size() < 14 || pes[0] != 0 || pes[1] != 0 || pes[2] != 1) return {};
  const bool media = pes[3] == 0xbd || pes[3] == 0xfd || (pes[3] >= 0xc0 && pes[3] <= 0xef);
  if (!media || (pes[6] & 0xc0) != 0x80 || (pes[7] & 0x80) == 0) return {};
  const std::uint64_t ticks = std::uint64_t{pes[9] >> 1 & 7u} << 30 | std::uint64_t{pes[10]} << 22 |
                              std::uint64_t{pes[11] >> 1 & 127u} << 15 |
                              std::uint64_t{pes[12]} << 7 | pes[13] >> 1;
  return from_ticks(ticks);
}

// The distance from a to b on a clock that begins anew at 2^33.
Nanoseconds distance(Nanoseconds a, Nanoseconds b) {
  auto d = b - a;
  if (d > kWrap / 2) d -= kWrap;
  if (d < -kWrap / 2) d += kWrap;
  return d;
}

// The body of the movie box among what a run begins with, which may be cut off behind it.
mp4::View movie_box(mp4::View bytes) {
  for (;;) {
    const auto box = mp4::read_header(bytes);
    if (!box || box->size < box->header || box->size > bytes.size()) return {};
    if (box->type == mp4::fourcc("moov"))
      return bytes.first(static_cast<std::size_t>(box->size)).subspan(box->header);
    bytes = bytes.subspan(static_cast<std::size_t>(box->size));
  }
}

// By part, the time of its first run.
using Origins = std::map<std::size_t, Nanoseconds>;

Origins origins_of(std::span<const RunTimes> runs) {
  Origins origins;
  for (const auto& run : runs) origins.try_emplace(run.part, run.on_clock);
  return origins;
}

std::vector<Nanoseconds> moved(std::span<const RunTimes> runs, const Origins& origins) {
  std::vector<Nanoseconds> shifts;
  for (const auto& run : runs)
    shifts.push_back(run.start + distance(origins.find(run.part)->second, run.on_clock) -
                     run.first);
  return shifts;
}

}  // namespace

std::optional<Nanoseconds> first_time_of_ts(mp4::View bytes) {
  std::optional<Nanoseconds> first;
  std::set<int> seen;
  for (; bytes.size() >= kPacket; bytes = bytes.subspan(kPacket)) {
    const auto packet = bytes.first(kPacket);
    if (packet[0] != 0x47) break;
    const int stream = (packet[1] & 0x1f) << 8 | packet[2];
    const bool begins = (packet[1] & 0x40) != 0;
    const auto payload = payload_of(packet);
    if (!begins || !payload || seen.contains(stream)) continue;
    const auto time = time_of(*payload);
    if (!time) continue;
    seen.insert(stream);
    if (!first || distance(*first, *time) < 0ns) first = time;
  }
  return first;
}

Nanoseconds edit_of(mp4::View bytes, mp4::FourCc handler) {
  const auto movie = mp4::read_movie(movie_box(bytes));
  if (!movie) return 0ns;
  for (const auto& track : movie->tracks) {
    if (track.handler != handler) continue;
    // An empty edit before it delays; with fragments its length is that of the first ones at most.
    Nanoseconds moved{0};
    for (const auto& edit : track.edits) {
      if (edit.media_time < 0) {
        moved += from_seconds(static_cast<double>(edit.duration) / movie->timescale).value_or(0ns);
        continue;
      }
      const double entered = static_cast<double>(edit.media_time) / track.timescale;
      return moved - from_seconds(entered).value_or(0ns);
    }
    return moved;
  }
  return 0ns;
}

Nanoseconds beginning_of(Nanoseconds picture, Nanoseconds sound, Nanoseconds packet) {
  return sound >= picture - packet - kJitter ? picture : sound;
}

Shifts shifts_of(std::span<const RunTimes> main, std::span<const RunTimes> sound) {
  auto of_main = origins_of(main);
  Origins of_sound;
  for (const auto& run : sound) {
    const auto [origin, first] = of_sound.try_emplace(run.part, run.on_clock);
    const auto same = of_main.find(run.part);
    if (!first || same == of_main.end()) continue;
    same->second += beginning_of(0ns, distance(same->second, origin->second), run.packet);
    origin->second = same->second;
  }
  return {moved(main, of_main), moved(sound, of_sound)};
}

void Retimer::begin_run(Nanoseconds shift) {
  shift_ = shift;
  joining_ = true;
}

std::optional<PacketTimes> Retimer::place(PacketTimes packet) {
  if (packet.shown == kNoTime) packet.shown = packet.decoded;
  // One that has no time of its own follows the packet before.
  if (packet.shown == kNoTime && end_ == kNoTime) return {};
  packet.shown = packet.shown == kNoTime ? end_ : packet.shown + shift_;
  packet.decoded = packet.decoded == kNoTime ? packet.shown : packet.decoded + shift_;
  if (joining_ && independent_ && end_ != kNoTime && packet.shown + packet.duration / 2 < end_)
    return {};
  joining_ = false;
  if (independent_) packet.shown = packet.decoded = std::max(packet.shown, 0ns);
  if (last_ != kNoTime) packet.decoded = std::max(packet.decoded, last_ + kTick);
  packet.shown = std::max(packet.shown, packet.decoded);
  last_ = packet.decoded;
  end_ = std::max(end_, packet.shown + packet.duration);
  return packet;
}

}  // namespace rostrum::hls
