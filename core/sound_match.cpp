// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sound_match.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace rostrum {

namespace {

// ------------------------------------------------------------------ where it stands in time

constexpr double kFloorBelow = 45;     // dB under the loudest: pauses, whose noise says nothing
constexpr double kFound = 0.75;        // filters, levelling and codecs leave 0.9 and more
constexpr double kAsGood = 0.04;       // of two places that fit so alike the nearer is meant
constexpr double kLeastDeviation = 1;  // dB: a steady tone has no place in time

// The values above the floor, with a mean of 0.
std::vector<double> prepared(std::span<const float> envelope) {
  const auto most = static_cast<double>(*std::max_element(envelope.begin(), envelope.end()));
  std::vector<double> values;
  for (const auto level : envelope)
    values.push_back(std::max<double>(static_cast<double>(level), most - kFloorBelow));
  return values;
}

struct Deviation {
  double mean;
  double standard;  // times the root of the number of values
};

Deviation deviation_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const auto mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const auto v : values) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares)};
}

std::vector<double> correlations(std::span<const double> film, std::span<const double> source) {
  const auto own = deviation_of(source);
  const auto least = kLeastDeviation * std::sqrt(static_cast<double>(source.size()));
  std::vector<double> found;
  for (std::size_t at = 0; at + source.size() <= film.size(); ++at) {
    const auto part = film.subspan(at, source.size());
    const auto theirs = deviation_of(part);
    double sum = 0;
    for (std::size_t i = 0; i < part.size(); ++i)
      sum += (part[i] - theirs.mean) * (source[i] - own.mean);
    const bool flat = own.standard < least || theirs.standard < least;
    found.push_back(flat ? 0 : sum / (own.standard * theirs.standard));
  }
  return found;
}

// Of the highest values the one nearest to the middle.
std::size_t nearest_peak(const std::vector<double>& values) {
  const auto best = *std::max_element(values.begin(), values.end());
  const auto middle = values.size() / 2;
  std::size_t found = values.size();
  const auto apart = [&](std::size_t i) { return i > middle ? i - middle : middle - i; };
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool peak = (i == 0 || values[i] >= values[i - 1]) &&
                      (i + 1 == values.size() || values[i] >= values[i + 1]);
    if (peak && values[i] >= best - kAsGood && (found == values.size() || apart(i) < apart(found)))
      found = i;
  }
  return found;
}

// The top of the parabola through a peak and its neighbours, in steps from the peak.
double refined(const std::vector<double>& values, std::size_t peak) {
  if (peak == 0 || peak + 1 >= values.size()) return 0;
  const double curve = values[peak - 1] - 2 * values[peak] + values[peak + 1];
  return curve < 0 ? (values[peak - 1] - values[peak + 1]) / (2 * curve) : 0;
}

// ---------------------------------------------------------------------- how loud it is

constexpr double kAlone = 0.8;        // share of the power: others change the level by 1 dB
constexpr double kAudible = -45;      // LUFS: what is below may be noise, which filters take away
constexpr double kBelowSpeech = 20;   // dB under a voice's loud moments: pauses and noise
constexpr double kLost = 12;          // dB: one voice of four that speak at once is 6 dB
constexpr double kLostFiltered = 25;  // of a suppressor, which takes 20 dB of what is no speech
constexpr double kTooLoud = 12;       // dB
constexpr double kCrest = 12;         // dB, of speech, so far a limiter keeps levels under peaks
constexpr std::size_t kLongEnough = 10;  // windows of 0.1 s: shorter is a word
constexpr std::size_t kPause = 20;       // windows that are not judged do not end a stretch
constexpr double kNothing = -60;         // LUFS, as planned: nobody
constexpr double kSomething = -45;       // LUFS, in the film
constexpr std::size_t kRing = 5;         // windows: rooms ring, and ramps take time

// Over three windows, so that a word's edge in the next window does not matter.
double around(std::span<const double> power, std::size_t at) {
  const auto from = at > 0 ? at - 1 : at;
  const auto to = std::min(at + 2, power.size());
  double sum = 0;
  for (auto i = from; i < to; ++i) sum += power[i];
  return sum / static_cast<double>(to - from);
}

double level(double power) { return power > 0 ? lufs_of(power) : -200; }

double loud_level(const WeightedPower& power) {
  auto sorted = power;
  std::erase_if(sorted, [](double p) { return level(p) < kAbsoluteGate; });
  if (sorted.empty()) return 0;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 95 / 100);
  std::nth_element(sorted.begin(), at, sorted.end());
  return level(*at);
}

Interval windows(std::size_t first, std::size_t end) {
  return {kLoudnessWindow * static_cast<std::int64_t>(first),
          kLoudnessWindow * static_cast<std::int64_t>(end)};
}

// Gathers windows of one kind to stretches.
class Runs {
 public:
  void add(std::size_t window) {
    if (count_ > 0 && window > last_ + kPause) stop();
    if (count_ == 0) first_ = window;
    last_ = window;
    ++count_;
  }
  void stop() {
    if (count_ >= kLongEnough) found_.push_back(windows(first_, last_ + 1));
    count_ = 0;
  }
  std::vector<Interval> take() {
    stop();
    return std::move(found_);
  }

 private:
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::size_t count_ = 0;
  std::vector<Interval> found_;
};

void judge_voice(const SoundPlan& sound, const PlannedVoice& voice, std::span<const double> film,
                 std::size_t first, SoundJudgement& judgement) {
  const auto loud = loud_level(voice.power);
  const auto least =
      std::max(kAudible, loud - (voice.suppressed ? kBelowSpeech / 2 : kBelowSpeech));
  const auto lost = voice.suppressed ? kLostFiltered : kLost;
  std::vector<double> off;
  Runs quiet;
  Runs noisy;
  for (std::size_t w = 0; w < film.size() && first + w < voice.power.size(); ++w) {
    const auto planned = around(voice.power, first + w);
    if (level(voice.power[first + w]) < least || planned < kAlone * around(sound.total, first + w))
      continue;
    const auto found = level(around(film, w));
    const auto limited = std::min(level(planned), sound.ceiling - kCrest);
    off.push_back(found - level(planned));
    found < limited - lost ? quiet.add(first + w) : quiet.stop();
    found > level(planned) + kTooLoud ? noisy.add(first + w) : noisy.stop();
  }
  for (const auto& when : quiet.take())
    judgement.faults.push_back({SoundFault::Kind::lost, when, voice.name, voice.tracks});
  for (const auto& when : noisy.take())
    judgement.faults.push_back({SoundFault::Kind::loud, when, voice.name, voice.tracks});
  VoiceLevel found{voice.name, kLoudnessWindow * static_cast<std::int64_t>(off.size())};
  if (!off.empty()) {
    const auto middle = off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2);
    std::nth_element(off.begin(), middle, off.end());
    found.off = *middle;
  }
  judgement.voices.push_back(std::move(found));
}

void judge_silence(const SoundPlan& sound, std::span<const double> film, std::size_t first,
                   SoundJudgement& judgement) {
  Runs uncalled;
  for (std::size_t w = 0; w < film.size(); ++w) {
    const auto from = first + w > kRing ? first + w - kRing : 0;
    const auto to = std::min(first + w + kRing + 1, sound.total.size());
    double most = 0;
    for (auto i = from; i < to; ++i) most = std::max(most, sound.total[i]);
    if (level(most) < kNothing && level(film[w]) > kSomething)
      uncalled.add(first + w);
    else
      uncalled.stop();
  }
  for (const auto& when : uncalled.take())
    judgement.faults.push_back({SoundFault::Kind::uncalled, when, {}});
}

}  // namespace

std::optional<SoundLag> find_lag(std::span<const float> film, std::span<const float> source) {
  if (source.empty() || film.size() < source.size()) return {};
  const auto values = correlations(prepared(film), prepared(source));
  const auto peak = nearest_peak(values);
  if (peak >= values.size() || values[peak] < kFound) return {};
  const auto steps =
      static_cast<double>(peak) - static_cast<double>(values.size() / 2) + refined(values, peak);
  return SoundLag{Nanoseconds{std::llround(steps * static_cast<double>(kEnvelopeStep / 1ns))},
                  values[peak]};
}

SoundJudgement judge_levels(const SoundPlan& sound, std::span<const double> film,
                            std::size_t first) {
  SoundJudgement judgement;
  for (const auto& voice : sound.voices) judge_voice(sound, voice, film, first, judgement);
  judge_silence(sound, film, first, judgement);
  return judgement;
}

}  // namespace rostrum
