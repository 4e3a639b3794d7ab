// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/gain.h"

#include "core/clip_schedule.h"

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

// The first point after a sample.
GainCurve::const_iterator after(const GainCurve& curve, std::int64_t sample) {
  return std::upper_bound(
      curve.begin(), curve.end(), sample,
      [](std::int64_t s, const GainPoint& point) { return s < sample_at(point.at); });
}

// On the line from the point before `next` to it; constant beyond the ends.
class Line {
 public:
  Line(const GainCurve& curve, GainCurve::const_iterator next) {
    const auto& before = next == curve.begin() ? *next : *(next - 1);
    const auto& ahead = next == curve.end() ? before : *next;
    start_ = before.gain;
    from_ = sample_at(before.at);
    const auto length = sample_at(ahead.at) - from_;
    if (length > 0) slope_ = (ahead.gain - before.gain) / static_cast<double>(length);
  }

  bool flat() const { return slope_ == 0; }
  double at(std::int64_t sample) const {
    return start_ + slope_ * static_cast<double>(sample - from_);
  }

 private:
  double start_ = 1;
  double slope_ = 0;  // per sample
  std::int64_t from_ = 0;
};

void multiply(const Line& line, std::int64_t first, std::span<float> samples, int channels) {
  if (line.flat() && line.at(first) == 1) return;
  const auto flat = static_cast<float>(line.at(first));
  const auto width = static_cast<std::size_t>(channels);
  for (std::size_t frame = 0; frame * width < samples.size(); ++frame) {
    const auto gain =
        line.flat() ? flat : static_cast<float>(line.at(first + static_cast<std::int64_t>(frame)));
    for (auto& sample : samples.subspan(frame * width, width)) sample *= gain;
  }
}

}  // namespace

double from_decibels(double decibels) { return std::pow(10, decibels / 20); }

double gain_at(const GainCurve& curve, std::int64_t sample) {
  return curve.empty() ? 1 : Line{curve, after(curve, sample)}.at(sample);
}

void apply_gain(const GainCurve& curve, std::int64_t first, std::span<float> samples,
                int channels) {
  if (curve.empty()) return;
  const auto width = static_cast<std::size_t>(channels);
  while (!samples.empty()) {
    const auto next = after(curve, first);
    const auto rest = static_cast<std::int64_t>(samples.size() / width);
    const auto count = next == curve.end() ? rest : std::min(rest, sample_at(next->at) - first);
    const auto part = static_cast<std::size_t>(count) * width;
    multiply(Line{curve, next}, first, samples.first(part), channels);
    samples = samples.subspan(part);
    first += count;
  }
}

GainCurve within(const GainCurve& curve, Interval when) {
  auto first = std::partition_point(curve.begin(), curve.end(),
                                    [&](const GainPoint& p) { return p.at <= when.from; });
  auto last =
      std::partition_point(first, curve.end(), [&](const GainPoint& p) { return p.at < when.to; });
  if (first != curve.begin()) --first;
  if (last != curve.end()) ++last;
  const bool unity = std::all_of(first, last, [](const GainPoint& p) { return p.gain == 1; });
  return unity ? GainCurve{} : GainCurve{first, last};
}

void append_fade(GainCurve& curve, Interval part, Nanoseconds fade_in, Nanoseconds fade_out) {
  const auto length = part.to - part.from;
  if (fade_in + fade_out > length) {
    const auto share =
        static_cast<double>(fade_in.count()) / static_cast<double>((fade_in + fade_out).count());
    fade_in = Nanoseconds{std::llround(static_cast<double>(length.count()) * share)};
    fade_out = length - fade_in;
  }
  const double before = curve.empty() ? 1 : curve.back().gain;
  if (fade_in > 0ns) {
    curve.push_back({part.from, 0});
    curve.push_back({part.from + fade_in, 1});
  } else if (before != 1) {
    curve.push_back({part.from, 1});
  }
  if (fade_out == 0ns) return;
  if (fade_in + fade_out < length || fade_in == 0ns) curve.push_back({part.to - fade_out, 1});
  curve.push_back({part.to, 0});
}

GainCurve gain_during(const std::vector<Interval>& times, double gain, const GainTiming& timing) {
  GainCurve curve;
  for (const auto& time : times) {
    const auto from = std::max(time.from - timing.lead, 0ns);
    const auto begin = std::max(from - timing.attack, 0ns);
    if (!curve.empty() && begin < curve.back().at) {
      curve.resize(curve.size() - 2);  // of the release before
    } else {
      if (begin < from) curve.push_back({begin, 1});
      curve.push_back({from, gain});
    }
    curve.push_back({time.to + timing.hold, gain});
    curve.push_back({time.to + timing.hold + timing.release, 1});
  }
  return curve;
}

}  // namespace rostrum
