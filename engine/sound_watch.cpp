// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_watch.h"

#include "core/clip_schedule.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace rostrum {

namespace {

constexpr std::int64_t kWindow = kSoundRate * kLoudnessWindow / 1s;
// Rounding of times; a hole of less is none.
constexpr Nanoseconds kSeam = 2ms;
// One sample at full scale may be a peak that just fits; three in a row are cut off.
constexpr float kFullScale = 0.9999F;
constexpr std::int64_t kCutOff = 3;
constexpr std::size_t kMostClipped = 100;
constexpr Nanoseconds kTogether = 500ms;
// A hole of more is a fault of the file's times, which others judge.
constexpr Nanoseconds kLongestHole{10min};

}  // namespace

SoundWatch::SoundWatch(int channels)
    : channels_{channels},
      meter_{LoudnessMeter::Wanted::windows_and_peak,
             channels == 1 ? LoudnessMeter::Channels::one : LoudnessMeter::Channels::two},
      envelope_{channels} {}

void SoundWatch::listen(std::span<const float> samples, Nanoseconds t) {
  auto first = sample_at(t);
  if (std::abs(first - heard_) <= sample_at(kSeam) || first - heard_ > sample_at(kLongestHole))
    first = heard_;
  if (first > heard_) add_silence(first - heard_);
  const auto dropped = std::min<std::size_t>(
      samples.size(), static_cast<std::size_t>(heard_ - std::min(first, heard_)) *
                          static_cast<std::size_t>(channels_));
  add(samples.subspan(dropped));
}

void SoundWatch::add_silence(std::int64_t frames) {
  const std::vector<float> silent(static_cast<std::size_t>(kWindow * channels_));
  for (; frames > 0; frames -= kWindow)
    add(std::span{silent}.first(static_cast<std::size_t>(std::min(frames, kWindow) * channels_)));
}

void SoundWatch::add(std::span<const float> samples) {
  const auto channels = static_cast<std::size_t>(channels_);
  while (!samples.empty()) {
    const auto left = static_cast<std::size_t>(kWindow - heard_ % kWindow) * channels;
    const auto part = samples.first(std::min(left, samples.size()));
    meter_.add(part);
    envelope_.add(part);
    for (std::size_t i = 0; i + channels <= part.size(); i += channels)
      look_for_clipping(part.subspan(i, channels));
    if (heard_ % kWindow == 0) {
      const auto lufs = meter_.window();
      found_.power.push_back(std::isfinite(lufs) ? power_of_lufs(lufs) : 0);
    }
    samples = samples.subspan(part.size());
  }
}

void SoundWatch::look_for_clipping(std::span<const float> frame) {
  ++heard_;
  const bool full =
      std::any_of(frame.begin(), frame.end(), [](float s) { return std::abs(s) >= kFullScale; });
  full_ = full ? full_ + 1 : 0;
  if (full_ >= kCutOff) note_clipping();
}

void SoundWatch::note_clipping() {
  found_.clipping.samples += full_ == kCutOff ? kCutOff : 1;
  const auto now = sample_time(heard_);
  auto& where = found_.clipping.where;
  if (!where.empty() && now - where.back().to < kTogether)
    where.back().to = now;
  else if (where.size() < kMostClipped)
    where.push_back({now, now});
}

FilmSound SoundWatch::take() {
  found_.loudness = programme_loudness(found_.power, meter_.true_peak());
  found_.envelope = envelope_.take();
  return std::move(found_);
}

}  // namespace rostrum
