// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/gain_envelope.h"

#include "core/correlation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rostrum {

namespace {

// Half a sine: a step becomes half a period of a cosine.
std::vector<float> ramp(std::size_t frames) {
  std::vector<float> weights(frames);
  double sum = 0;
  const auto at = [&](std::size_t i) {
    return std::sin(std::numbers::pi * (static_cast<double>(i) + 0.5) /
                    static_cast<double>(frames));
  };
  for (std::size_t i = 0; i < frames; ++i) sum += at(i);
  for (std::size_t i = 0; i < frames; ++i) weights[i] = static_cast<float>(at(i) / sum);
  return weights;
}

float gain_of(float reduction) { return 1.0F - reduction / static_cast<float>(kWhole); }

}  // namespace

GainEnvelope::GainEnvelope(const EnvelopeShape& shape)
    : shape_{shape},
      step_{static_cast<Reduction>((kWhole + shape.release - 1) / shape.release)},
      weights_{ramp(shape.attack)} {}

void GainEnvelope::push(std::span<const Reduction> needs) {
  for (const auto need : needs) push_need(need);
  smooth();
}

// Whether the gain is 1 for as long as nobody needs another.
bool GainEnvelope::rests() const {
  const auto old = shape_.attack - 1;
  return needs_.empty() && released_ == 0 && reductions_.size() == old &&
         (old == 0 || (steady_.back() >= old && reductions_.back() == 0)) &&
         pushed_ >= static_cast<std::int64_t>(shape_.look_ahead());
}

void GainEnvelope::push_none(std::size_t frames) {
  constexpr std::size_t kSome = 64;
  while (frames > 0 && !rests()) {
    const auto some = std::min(frames, kSome);
    for (std::size_t i = 0; i < some; ++i) push_need(0);
    smooth();
    frames -= some;
  }
  pushed_ += static_cast<std::int64_t>(frames);
  append_ones(frames);
}

void GainEnvelope::push_need(Reduction need) {
  const auto at = pushed_++;
  while (!needs_.empty() && needs_.back().reduction <= need) needs_.pop_back();
  if (need > 0) needs_.push_back({at, need});
  const auto decided = at - static_cast<std::int64_t>(shape_.look_ahead());
  if (decided < 1 - static_cast<std::int64_t>(shape_.attack)) return;  // no frame's gain has it
  const auto oldest = decided - static_cast<std::int64_t>(shape_.hold);
  while (!needs_.empty() && needs_.front().at < oldest) needs_.pop_front();
  // Whole numbers: however long ago it began, the release has the same values, and an end.
  released_ = std::max(released_ - step_, needs_.empty() ? 0 : needs_.front().reduction);
  append_reduction(released_);
}

void GainEnvelope::append_reduction(Reduction reduction) {
  const auto value = static_cast<float>(reduction);
  const bool same = !reductions_.empty() && reductions_.back() == value;
  steady_.push_back(same ? std::min(steady_.back() + 1, shape_.attack) : 1);
  reductions_.push_back(value);
}

void GainEnvelope::smooth() {
  const auto old = shape_.attack - 1;
  if (reductions_.size() <= old) return;
  const auto frames = reductions_.size() - old;
  std::vector<float> gains(frames);
  const auto steady = [&](std::size_t i) { return steady_[old + i] >= shape_.attack; };
  std::size_t moving = 0;
  for (std::size_t i = 0; i < frames; ++i) moving += steady(i) ? 0 : 1;
  if (moving > 0) correlate(weights_, reductions_, gains);
  // What is constant stays so to the last bit, whatever the weights add up to.
  for (std::size_t i = 0; i < frames; ++i)
    gains[i] = gain_of(steady(i) ? reductions_[old + i] : gains[i]);
  if (std::all_of(gains.begin(), gains.end(), [](float gain) { return gain == 1; })) {
    append_ones(frames);
  } else {
    ready_ += frames;
    runs_.push_back({frames, std::move(gains)});
  }
  reductions_.erase(reductions_.begin(), reductions_.end() - static_cast<std::ptrdiff_t>(old));
  steady_.erase(steady_.begin(), steady_.end() - static_cast<std::ptrdiff_t>(old));
}

void GainEnvelope::append_ones(std::size_t frames) {
  if (frames == 0) return;
  ready_ += frames;
  if (runs_.empty() || !runs_.back().gains.empty()) runs_.push_back({0, {}});
  runs_.back().frames += frames;
}

GainRun GainEnvelope::take(std::size_t most) {
  if (!runs_.empty() && runs_.front().taken == runs_.front().frames) runs_.pop_front();
  if (runs_.empty()) return {};
  auto& run = runs_.front();
  const auto frames = std::min(most, run.frames - run.taken);
  GainRun taken{frames, run.gains};
  if (!run.gains.empty()) taken.gains = taken.gains.subspan(run.taken, frames);
  run.taken += frames;
  ready_ -= frames;
  return taken;
}

}  // namespace rostrum
