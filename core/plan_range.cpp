// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_range.h"

#include "core/loudness.h"
#include "core/plan_sound.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace rostrum {

namespace {

constexpr std::ptrdiff_t kShortTerm = 30;  // windows: 3 s
constexpr std::ptrdiff_t kStep = 5;        // windows from point to point of the curve
constexpr double kMost = 12;               // dB up or down
constexpr double kGate = 20;               // LU under the mean of all that is not silence
constexpr double kGateFoot = 6;            // LU below the gate at which nothing is turned up
// The measure of the finished film differs a little: limiter, codec, seams of windows.
constexpr double kReserve = 0.3;  // LU

// Means of runs of values, whatever lies beyond the ends left out.
class Means {
 public:
  explicit Means(std::span<const double> values) : sums_{0} {
    for (const auto value : values) sums_.push_back(sums_.back() + value);
  }
  double around(std::ptrdiff_t middle, std::ptrdiff_t length) const {
    const auto count = static_cast<std::ptrdiff_t>(sums_.size()) - 1;
    const auto from = std::clamp<std::ptrdiff_t>(middle - length / 2, 0, count);
    const auto to = std::clamp<std::ptrdiff_t>(middle - length / 2 + length, 0, count);
    if (from >= to) return 0;
    return (sums_[static_cast<std::size_t>(to)] - sums_[static_cast<std::size_t>(from)]) /
           static_cast<double>(to - from);
  }

 private:
  std::vector<double> sums_;
};

// The short-term loudness around the middle of each step, in LUFS; very low for silence.
std::vector<double> short_term(std::span<const double> power) {
  const Means means{power};
  std::vector<double> found;
  for (std::ptrdiff_t w = 0; w < static_cast<std::ptrdiff_t>(power.size()) + kStep; w += kStep)
    found.push_back(lufs_of(std::max(means.around(w, kShortTerm), 1e-15)));
  return found;
}

double gate_of(const std::vector<double>& levels) {
  double power = 0;
  std::size_t count = 0;
  for (const auto level : levels)
    if (level > kAbsoluteGate) power += power_of_lufs(level), ++count;
  return count > 0 ? lufs_of(power / static_cast<double>(count)) - kGate : 0;
}

// How far each step is from the programme's level, in dB: what it takes to bring it there.
std::vector<double> distances(std::span<const double> power, double programme) {
  const auto levels = short_term(power);
  const auto gate = gate_of(levels);
  std::vector<double> found;
  for (const auto level : levels) {
    const auto open = std::clamp(1 - (gate - level) / kGateFoot, 0.0, 1.0);
    const auto distance = programme - level;
    found.push_back(distance > 0 ? distance * open : distance);
  }
  return found;
}

// A point per step, in dB: so much of the distances, within the limits, without haste.
std::vector<double> ridden(const std::vector<double>& distances, double share) {
  std::vector<double> wanted;
  for (const auto distance : distances)
    wanted.push_back(std::clamp(share * distance, -kMost, kMost));
  const Means means{wanted};
  std::vector<double> found;
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(wanted.size()); ++i)
    found.push_back(means.around(i, kShortTerm / kStep + 1));
  return found;
}

GainCurve curve_of(const std::vector<double>& decibels) {
  GainCurve curve;
  for (std::size_t i = 0; i < decibels.size(); ++i)
    curve.push_back(
        {kLoudnessWindow * kStep * static_cast<std::int64_t>(i), from_decibels(decibels[i])});
  return curve;
}

double range_with(std::span<const double> power, const std::vector<double>& decibels) {
  std::vector<double> ridden(power.begin(), power.end());
  for (std::size_t w = 0; w < ridden.size(); ++w) {
    const auto place = (static_cast<double>(w) + 0.5) / kStep;
    const auto i = static_cast<std::size_t>(place);
    const auto part = place - static_cast<double>(i);
    const auto next = std::min(i + 1, decibels.size() - 1);
    ridden[w] *= std::pow(10, (decibels[i] * (1 - part) + decibels[next] * part) / 10);
  }
  return loudness_range(ridden);
}

// Whether a straight line from point to point passes all those between them, within 0.05 dB.
bool straight(const GainCurve& curve, std::size_t from, std::size_t to) {
  const auto length = static_cast<double>((curve[to].at - curve[from].at).count());
  for (auto i = from + 1; i < to; ++i) {
    const auto part = static_cast<double>((curve[i].at - curve[from].at).count()) / length;
    const auto line = curve[from].gain * (1 - part) + curve[to].gain * part;
    if (std::abs(line - curve[i].gain) > 0.005 * curve[i].gain) return false;
  }
  return true;
}

// The same curve of fewer points.
GainCurve thinned(const GainCurve& curve) {
  constexpr std::size_t kFurthest = 120;  // points: a minute
  GainCurve few;
  for (std::size_t i = 0; i < curve.size();) {
    few.push_back(curve[i]);
    auto next = i + 1;
    while (next + 1 < curve.size() && next - i < kFurthest && straight(curve, i, next + 1)) ++next;
    i = next;
  }
  return few;
}

}  // namespace

RangeCurve range_curve(std::span<const double> power, double most) {
  const auto programme = integrated_loudness(power);
  const auto now = loudness_range(power);
  if (!programme || now <= most) return {{}, now};
  const auto target = most - kReserve;
  const auto away = distances(power, *programme);
  double least = 0;
  double share = 1;
  for (int step = 0; step < 12 && range_with(power, ridden(away, share)) <= target; ++step) {
    const auto middle = (least + share) / 2;
    if (range_with(power, ridden(away, middle)) <= target)
      share = middle;
    else
      least = middle;
  }
  const auto decibels = ridden(away, share);
  return {thinned(curve_of(decibels)), range_with(power, decibels)};
}

void set_range(Plan& plan, const Manifest& manifest, const MediaMap& media, Nanoseconds programme) {
  if (!manifest.audio.range) return;
  auto power = programme_levels(plan, media, programme).power;
  const auto now = integrated_loudness(power);
  if (!now) return;
  // Silence is what is silent as loud as the programme will be.
  const auto scale = power_of_lufs(manifest.audio.loudness.value_or(*now)) / power_of_lufs(*now);
  for (auto& window : power) window *= scale;
  const auto found = range_curve(power, *manifest.audio.range);
  if (found.range > *manifest.audio.range) {
    char text[120];
    std::snprintf(
        text, sizeof text,
        "/audio/range: the programme comes down to %.1f LU only: it is turned up and down "
        "slowly, and by 12 dB at most",
        found.range);
    plan.warnings.emplace_back(text);
  }
  if (found.curve.empty()) return;
  for (auto& track : plan.tracks) {
    Interval heard{Nanoseconds::max(), 0ns};
    for (const auto& clip : track.clips)
      if (clip.has_audio)
        heard = {std::min(heard.from, clip.start), std::max(heard.to, clip.end())};
    if (heard.empty()) continue;
    if (auto part = within(found.curve, heard); !part.empty())
      track.gains.push_back(std::move(part));
  }
}

}  // namespace rostrum
