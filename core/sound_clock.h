// SPDX-License-Identifier: LGPL-2.1-or-later
// Sound whose clock runs off: how fast its samples run against the time of their medium, how that
// is found, and how it is put right.  docs/sound.md describes the method.
#pragma once

#include "core/timeline.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

// The samples of a medium's sound against the medium's time.
struct SoundClock {
  // So many samples more than its rate says are there, in parts per billion: 3'000'000 of a sound
  // that would last 0.3 % too long.
  std::int64_t off = 0;
  // The container's times of sound are right, and only the count of samples is not; else they
  // follow the count and are as wrong.
  bool times_right = false;

  bool own() const { return off == 0; }
  double factor() const { return 1 + static_cast<double>(off) / 1e9; }
  static std::int64_t off_of(double factor);
  // The container's time of what stands at a time of the medium, and back.
  Nanoseconds stored_time(Nanoseconds medium) const;
  Nanoseconds medium_time(Nanoseconds stored) const;
  friend bool operator==(const SoundClock&, const SoundClock&) = default;
};

// "+0.3000 %"
std::string format_off(std::int64_t off);

// So many samples of a sound become so many others: in lowest terms.
struct ResamplingRatio {
  std::int64_t in = 1;
  std::int64_t out = 1;

  friend bool operator==(const ResamplingRatio&, const ResamplingRatio&) = default;
};

// Within the time of so many samples both grids meet again.
inline constexpr Nanoseconds kLongestStep{2s};

// From a sound's nominal rate to another.  Exact for a clock that is right; else the fraction with
// the smallest numbers that misses the clock by less than 1e-7, or the nearest whose grids meet
// within kLongestStep.
ResamplingRatio resampling_ratio(const SoundClock& clock, int from, int to);

// A packet of sound: its time by the container, and how long its samples last at their rate.
struct SoundPacket {
  Nanoseconds time{0};
  Nanoseconds length{0};
};

// How fast samples come by the packets' times; e.g. 1.003: so many for each that the rate says.
// Lines are fitted to runs of packets that follow each other, so that gaps and jumps do not count;
// of several runs the median by length rules.  Nothing when they are too few to tell.
std::optional<double> pace_of(const std::vector<SoundPacket>& packets);

}  // namespace rostrum
