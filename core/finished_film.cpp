// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/finished_film.h"

#include "core/film_packets.h"

#include <algorithm>
#include <numeric>

namespace rostrum {

namespace {

constexpr std::size_t kMostSamples = 20'000'000;

}  // namespace

std::vector<Interval> times_of(const SoundList& sound) {
  std::vector<Interval> times;
  std::int64_t packet = 0;
  for (const auto& unit : sound.units) {
    const auto from = packet_time(sound, packet);
    packet += std::max<std::int64_t>(unit.keep, 0);
    times.push_back({from, unit.keep < 0 ? Nanoseconds::max() : packet_time(sound, packet)});
  }
  return times;
}

std::optional<ChunkList> list_of_film(mp4::View moov) {
  const auto movie = mp4::read_movie(moov);
  if (!movie) return {};
  ChunkList list;
  for (const auto& track : movie->tracks) {
    if (track.tick == 0) continue;
    const bool sound = track.handler == mp4::fourcc("soun");
    if (track.handler == mp4::fourcc("vide")) {
      const auto shared = std::gcd(track.timescale, track.tick);
      list.rate = {track.timescale / shared, track.tick / shared};
      list.chunks = {{{0, static_cast<std::int64_t>(track.duration / track.tick)}, "film"}};
    } else if (sound && !track.edits.empty()) {
      const auto samples = mp4::samples_of(moov, track.id, kMostSamples);
      if (!samples || samples->empty()) return {};
      list.sound = {samples->front().duration, track.edits.front().media_time, {{"film", 0, -1}}};
    }
  }
  if (list.chunks.empty()) return {};
  return list;
}

FinishedFilm::FinishedFilm(const ChunkList& list, const std::set<std::string>& done) {
  const FrameGrid grid{list.rate};
  std::vector<Interval> silent;  // until now
  const auto times = times_of(list.sound);
  for (std::size_t i = 0; i < times.size(); ++i)
    if (!done.contains(list.sound.units[i].key)) silent.push_back(times[i]);
  for (const auto& [frames, key] : list.chunks) {
    const auto first = list.chunks.front().frames.first;
    Chunk chunk{{grid.start(frames.first - first), grid.start(frames.end - first)},
                grid.start(frames.end - first - 1),
                done.contains(key)};
    if (std::any_of(silent.begin(), silent.end(), [&](const Interval& s) {
          return s.from < chunk.when.to && chunk.when.from < s.to;
        }))
      chunk.finished = false;
    chunks_.push_back(chunk);
  }
}

std::size_t FinishedFilm::chunk_at(Nanoseconds t) const {
  const auto after = std::upper_bound(
      chunks_.begin(), chunks_.end(), t,
      [](Nanoseconds value, const Chunk& chunk) { return value < chunk.when.from; });
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - chunks_.begin(), 1)) - 1;
}

Nanoseconds FinishedFilm::end_of_run(Nanoseconds t) const {
  if (chunks_.empty() || t >= length()) return t;
  auto chunk = chunk_at(t);
  if (!has(chunk)) return t;
  while (chunk < chunks_.size() && has(chunk)) ++chunk;
  return chunks_[chunk - 1].when.to;
}

std::optional<Nanoseconds> FinishedFilm::nearest(Nanoseconds t) const {
  std::optional<Nanoseconds> best;
  for (const auto& chunk : chunks_) {
    if (!chunk.finished) continue;
    const auto place = std::clamp(t, chunk.when.from, chunk.last_frame);
    if (chunk.when.contains(t)) return t;
    if (!best || std::chrono::abs(place - t) < std::chrono::abs(*best - t)) best = place;
  }
  return best;
}

}  // namespace rostrum
