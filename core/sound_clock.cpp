// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sound_clock.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <span>

namespace rostrum {

namespace {

constexpr std::int64_t kBillion = 1'000'000'000;
constexpr double kRatioError = 1e-7;
// Packets of a run follow each other to within this: it is more than recorders' times scatter.
constexpr Nanoseconds kSeam{60ms};
constexpr Nanoseconds kLeastRun{5s};
constexpr std::size_t kLeastPackets = 20;
// Within so much time no clock that is looked for runs off by a seam.
constexpr Nanoseconds kPiece{4s};

Nanoseconds scaled(Nanoseconds t, std::int64_t num, std::int64_t den) {
  return t < 0ns ? -Nanoseconds{scale_round(-t.count(), num, den)}
                 : Nanoseconds{scale_round(t.count(), num, den)};
}

// What the samples before each packet of a run last, against the packets' times.
struct Run {
  Nanoseconds length{0};
  double pace = 1;
};

// Least squares; both axes in seconds from the run's beginning.
Run fitted(std::span<const SoundPacket> packets) {
  double heard = 0;
  double t_sum = 0, h_sum = 0, tt = 0, th = 0;
  for (const auto& p : packets) {
    const double t = to_seconds(p.time - packets.front().time);
    t_sum += t;
    h_sum += heard;
    tt += t * t;
    th += t * heard;
    heard += to_seconds(p.length);
  }
  const auto n = static_cast<double>(packets.size());
  const double spread = tt - t_sum * t_sum / n;
  return {packets.back().time - packets.front().time, (th - t_sum * h_sum / n) / spread};
}

// Where a run ends: at a packet that stands elsewhere than where the ones before it end, by their
// own pace, which is taken from the last of them.
std::vector<std::span<const SoundPacket>> runs_of(const std::vector<SoundPacket>& packets) {
  std::vector<std::span<const SoundPacket>> runs;
  std::size_t first = 0;
  std::size_t anchor = 0;       // expected times are counted from here on
  Nanoseconds after_anchor{0};  // what the packets from there on last
  for (std::size_t i = 1; i <= packets.size(); ++i) {
    const bool end = i == packets.size();
    if (!end) {
      after_anchor += packets[i - 1].length;
      const auto late = packets[i].time - (packets[anchor].time + after_anchor);
      if (std::chrono::abs(late) <= kSeam) {
        if (after_anchor < kPiece) continue;
        anchor = i;
        after_anchor = 0ns;
        continue;
      }
    }
    runs.emplace_back(packets.data() + first, i - first);
    first = anchor = i;
    after_anchor = 0ns;
  }
  return runs;
}

}  // namespace

std::int64_t SoundClock::off_of(double factor) { return std::llround((factor - 1) * 1e9); }

// In parts per billion neither factor passes 64 bits within 1000 h.
Nanoseconds SoundClock::stored_time(Nanoseconds medium) const {
  return times_right ? medium : scaled(medium, kBillion + off, kBillion);
}

Nanoseconds SoundClock::medium_time(Nanoseconds stored) const {
  return times_right ? stored : scaled(stored, kBillion, kBillion + off);
}

std::string format_off(std::int64_t off) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.4f %%", static_cast<double>(off) / 1e7);
  return text;
}

ResamplingRatio resampling_ratio(const SoundClock& clock, int from, int to) {
  if (clock.own()) {
    const auto common = std::gcd(from, to);
    return {from / common, to / common};
  }
  const double wanted = clock.factor() * from / to;
  const auto most = to * (kLongestStep / 1s);
  ResamplingRatio low{0, 1}, high{1, 0}, best{1, 1};
  double least = HUGE_VAL;
  for (;;) {  // down the Stern-Brocot tree
    const ResamplingRatio next{low.in + high.in, low.out + high.out};
    if (next.out > most) return best;
    const double error = static_cast<double>(next.in) / static_cast<double>(next.out) / wanted - 1;
    if (std::abs(error) < least) {
      least = std::abs(error);
      best = next;
    }
    if (least < kRatioError) return best;
    (error < 0 ? low : high) = next;
  }
}

std::optional<double> pace_of(const std::vector<SoundPacket>& packets) {
  std::vector<Run> runs;
  Nanoseconds total{0};
  for (const auto run : runs_of(packets)) {
    if (run.size() < kLeastPackets || run.back().time - run.front().time < kLeastRun) continue;
    runs.push_back(fitted(run));
    total += runs.back().length;
  }
  if (runs.empty()) return {};
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.pace < b.pace; });
  Nanoseconds below{0};
  for (const auto& run : runs) {
    below += run.length;
    if (2 * below >= total) return run.pace;
  }
  return {};
}

}  // namespace rostrum
