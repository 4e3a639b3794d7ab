// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film_packets.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr std::size_t kMostSamples = 20'000'000;
constexpr std::int64_t kRate = 48000;  // of all sound of films
// ISO/IEC 14496-3: a packet of AAC overlaps the one before; RFC 7845, 4.6: Opus takes 80 ms.
constexpr Nanoseconds kPreRoll = 100ms;
constexpr std::int64_t kPreRollPackets = 8;

// The samples of the first track of this kind, and its header.
struct TrackSamples {
  mp4::Track track;
  std::vector<mp4::Sample> samples;
};

std::optional<TrackSamples> samples_in(mp4::View moov, mp4::FourCc handler) {
  const auto movie = mp4::read_movie(moov);
  if (!movie) return {};
  for (const auto& track : movie->tracks) {
    if (track.handler != handler) continue;
    auto samples = mp4::samples_of(moov, track.id, kMostSamples);
    if (!samples || samples->empty()) return {};
    return TrackSamples{track, std::move(*samples)};
  }
  return {};
}

std::int64_t shown(const mp4::Sample& s) {
  return static_cast<std::int64_t>(s.start) + s.composition;
}

// Each picture lasts until the one that is shown after it.
void set_durations(std::vector<FilmPacket>& packets, Nanoseconds end) {
  std::vector<FilmPacket*> order;
  order.reserve(packets.size());
  for (auto& packet : packets) order.push_back(&packet);
  std::sort(order.begin(), order.end(),
            [](const FilmPacket* a, const FilmPacket* b) { return a->time < b->time; });
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i]->duration = (i + 1 < order.size() ? order[i + 1]->time : end) - order[i]->time;
}

}  // namespace

std::optional<std::vector<FilmPacket>> picture_packets(mp4::View moov, FrameGrid grid,
                                                       std::int64_t first, FrameRange wanted) {
  const auto found = samples_in(moov, mp4::fourcc("vide"));
  if (!found) return {};
  std::int64_t begin = shown(found->samples.front());
  for (const auto& s : found->samples) begin = std::min(begin, shown(s));
  const auto [num, den] = grid.rate();
  std::vector<FilmPacket> packets;
  for (const auto& s : found->samples) {
    const auto frame =
        first + scale_round(shown(s) - begin, num, den * std::int64_t{found->track.timescale});
    if (wanted.contains(frame))
      packets.push_back({s.offset, s.size, grid.start(frame), Nanoseconds{0}, s.sync});
  }
  if (packets.empty()) return {};
  set_durations(packets, grid.start(wanted.end));
  return packets;
}

Nanoseconds packet_time(const SoundList& sound, std::int64_t packet) {
  const auto samples = packet * sound.packet - sound.priming;
  const auto size = Nanoseconds{scale_floor(std::abs(samples), 1'000'000'000, kRate)};
  return samples < 0 ? -size : size;
}

std::optional<std::vector<FilmPacket>> sound_packets(mp4::View moov, const SoundList& sound,
                                                     const PacketRun& run) {
  const auto found = samples_in(moov, mp4::fourcc("soun"));
  if (!found) return {};
  const auto count = std::ssize(found->samples);
  const auto keep = run.keep < 0 ? count - run.skip : run.keep;
  if (run.skip < 0 || run.skip > count || keep > count - run.skip) return {};
  std::vector<FilmPacket> packets;
  for (auto i = -std::min({kPreRollPackets, run.skip, run.number}); i < keep; ++i) {
    const auto& s = found->samples[static_cast<std::size_t>(run.skip + i)];
    const auto time = packet_time(sound, run.number + i);
    packets.push_back({s.offset, s.size, time, packet_time(sound, run.number + i + 1) - time});
  }
  return packets;
}

std::size_t entry_of(const std::vector<FilmPacket>& packets, Nanoseconds t, bool sound) {
  std::size_t entry = 0;
  for (std::size_t i = 0; i < packets.size(); ++i)
    if (packets[i].sync && packets[i].time <= (sound ? t - kPreRoll : t)) entry = i;
  return entry;
}

HeardSamples heard_within(Interval part, Nanoseconds begin, std::int64_t samples,
                          std::int64_t rate) {
  const auto number = [&](Nanoseconds t) {
    const auto n = scale_round(std::abs(t.count()), rate, 1'000'000'000);
    return t < 0ns ? -n : n;
  };
  const auto first = number(begin);
  const auto end = part.to == Nanoseconds::max() ? first + samples : number(part.to);
  const auto skip = std::clamp<std::int64_t>(number(part.from) - first, 0, samples);
  return {skip, std::clamp<std::int64_t>(end - first, skip, samples) - skip};
}

Nanoseconds shown_at(const std::vector<FilmPacket>& pictures, Nanoseconds t) {
  const auto before = last_before(pictures, t + 1ns);
  return before ? *before : next_after(pictures, t).value_or(t);
}

std::optional<Nanoseconds> next_after(const std::vector<FilmPacket>& pictures, Nanoseconds t) {
  std::optional<Nanoseconds> next;
  for (const auto& p : pictures)
    if (p.time > t && (!next || p.time < *next)) next = p.time;
  return next;
}

std::optional<Nanoseconds> last_before(const std::vector<FilmPacket>& pictures, Nanoseconds t) {
  std::optional<Nanoseconds> last;
  for (const auto& p : pictures)
    if (p.time < t && (!last || p.time > *last)) last = p.time;
  return last;
}

}  // namespace rostrum
