// SPDX-License-Identifier: LGPL-2.1-or-later
// Time on the job's axis, and the grid of output frames.  Integer arithmetic only: frame n is
// computed from n, never by adding durations.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rostrum {

using Nanoseconds = std::chrono::nanoseconds;
using namespace std::chrono_literals;  // NOLINT(google-global-names-in-headers): 1ms, 2s read as
                                       // they are

inline constexpr Nanoseconds kNoTime = Nanoseconds::min();
inline constexpr std::int64_t kLongestHours = 1000;  // any time of a job, and a medium's duration

// A rate such as 25/1 or 30000/1001, always reduced, both parts positive.
struct Fraction {
  std::int64_t num = 25;
  std::int64_t den = 1;

  friend bool operator==(const Fraction&, const Fraction&) = default;
};

// floor(value * num / den) without overflow of the product; value >= 0, num, den > 0.
std::int64_t scale_floor(std::int64_t value, std::int64_t num, std::int64_t den);
// The same, halves rounded up.
std::int64_t scale_round(std::int64_t value, std::int64_t num, std::int64_t den);

// Half-open [from, to) in job time.
struct Interval {
  Nanoseconds from{0};
  Nanoseconds to{0};

  bool contains(Nanoseconds t) const { return from <= t && t < to; }
  bool empty() const { return to <= from; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

// Half-open run of output frames [first, end).
struct FrameRange {
  std::int64_t first = 0;
  std::int64_t end = 0;

  std::int64_t count() const { return end - first; }
  bool empty() const { return end <= first; }
  bool contains(std::int64_t n) const { return first <= n && n < end; }
  friend bool operator==(const FrameRange&, const FrameRange&) = default;
};

// The output frames of a job: frame n stands at floor(n / rate).
class FrameGrid {
 public:
  FrameGrid() = default;
  explicit FrameGrid(Fraction rate) : rate_{rate} {}

  Fraction rate() const { return rate_; }
  Nanoseconds start(std::int64_t frame) const;
  // Output frames of a programme: round-half-up(duration x rate).
  std::int64_t frames(Nanoseconds duration) const;
  // The first frame that belongs to an interval beginning at t: least n with t - 1 ms <= n / rate.
  // An interval [a, b) holds the frames [first_at(a), first_at(b)).
  std::int64_t first_at(Nanoseconds t) const;
  FrameRange range(Interval i) const { return {first_at(i.from), first_at(i.to)}; }
  // Samples of sound that last exactly as long as this many frames, to the nearest.
  std::int64_t samples(std::int64_t frames, int sample_rate) const;

 private:
  Fraction rate_;
};

// The frames of one slice of a job: absolute numbers for decisions, PTS for buffers.  PTS are
// counted from the slice's first frame, so that they fall on the grid that a mixer counts for
// itself from there.
class SliceGrid {
 public:
  SliceGrid() = default;
  SliceGrid(FrameGrid grid, std::int64_t first) : grid_{grid}, first_{first} {}

  Nanoseconds pts(std::int64_t frame) const {
    return grid_.start(first_) + grid_.start(frame - first_);
  }
  Nanoseconds duration(std::int64_t frame) const { return pts(frame + 1) - pts(frame); }
  // The frames of which some part lies in an interval of PTS (a part under 1 ms at its end does not
  // count); the interval does not begin before the slice.
  FrameRange frames(Interval i) const;

 private:
  FrameGrid grid_;
  std::int64_t first_ = 0;
};

// "1:02:03.5", "2:03.25" or "83.5" (seconds) -> nanoseconds; nothing for any other text or beyond
// +-1000 h.
std::optional<Nanoseconds> parse_time(std::string_view text);
// Seconds as a JSON number -> nanoseconds, to the nearest; nothing unless finite and within +-1000
// h.
std::optional<Nanoseconds> from_seconds(double seconds);
double to_seconds(Nanoseconds t);
// "0:01:23.450" (milliseconds, rounded down).
std::string format_time(Nanoseconds t);

}  // namespace rostrum
