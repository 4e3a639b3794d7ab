// SPDX-License-Identifier: LGPL-2.1-or-later
// The causal form.
#include "core/speaker.h"

#include "core/speaker_levels.h"

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

void push(std::deque<std::int16_t>& run, std::int16_t level, std::int64_t most) {
  run.push_back(level);
  if (static_cast<std::int64_t>(run.size()) > most) run.pop_front();
}

std::int16_t mean_level(const std::deque<std::int16_t>& run, std::int64_t length) {
  double power = 0;
  for (const auto level : run) power += power_of(level);
  return level_of_power(power / static_cast<double>(std::max<std::int64_t>(length, 1)));
}

// The loudest that every run of kNoiseRun windows was at least; nothing when little is known.
std::optional<std::int16_t> noise_floor(const std::deque<std::int16_t>& past) {
  std::int16_t floor = 0;
  std::int64_t known = 0;
  for (auto i = past.begin(); i != past.end(); ++i) {
    if (*i == kNotThere) continue;
    ++known;
    const auto from =
        std::max(past.begin(), i - std::min<std::int64_t>(kNoiseRun - 1, i - past.begin()));
    floor = std::min(floor, *std::max_element(from, i + 1));
  }
  if (known < kNoiseKnown) return {};
  return floor;
}

}  // namespace

double power_of(std::int16_t level) {
  return level == kNotThere ? 0 : std::pow(10.0, level / 100.0);
}

std::int16_t level_of_power(double power) {
  if (power <= 0) return kSilentLevel;
  return static_cast<std::int16_t>(
      std::clamp<long>(std::lround(100 * std::log10(power)), kSilentLevel, 1000));
}

std::optional<std::int16_t> median(std::vector<std::int16_t> levels) {
  if (levels.empty()) return {};
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>((levels.size() - 1) / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  return *middle;
}

SpeakerDecision::SpeakerDecision(SpeakerOptions options, std::optional<std::size_t> fallback)
    : options_{options},
      fallback_{fallback},
      speaker_{fallback},
      since_change_{windows(options.hold)} {}

std::optional<std::size_t> SpeakerDecision::loudest() const {
  const auto length = windows(options_.window);
  std::vector<std::int16_t> means;
  for (const auto& p : people_)
    means.push_back(p.recent.back() == kNotThere ? kNotThere : mean_level(p.recent, length));
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < means.size(); ++i) {
    if (means[i] == kNotThere || means[i] < options_.threshold) continue;
    const auto& recent = people_[i].recent;
    const auto loud = std::count_if(recent.begin(), recent.end(),
                                    [&](std::int16_t l) { return l >= options_.threshold; });
    if (2 * loud <= length) continue;
    const auto noise = noise_floor(people_[i].past);
    if (!noise || means[i] < *noise + options_.margin) continue;
    std::vector<std::int16_t> others;
    for (std::size_t k = 0; k < means.size(); ++k)
      if (k != i && means[k] != kNotThere) others.push_back(means[k]);
    if (const auto level = median(std::move(others)); level && means[i] < *level + options_.margin)
      continue;
    const int lead = speaker_ == best && best ? options_.hysteresis : 0;
    const int needed = speaker_ == i && best ? -options_.hysteresis : lead;
    if (!best || means[i] > means[*best] + needed) best = i;
  }
  return best;
}

std::optional<std::size_t> SpeakerDecision::update(const std::vector<std::int16_t>& levels) {
  if (levels.size() > people_.size()) people_.resize(levels.size());
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const auto level = i < levels.size() ? levels[i] : kNotThere;
    push(people_[i].recent, level, windows(options_.window));
    push(people_[i].past, level, kNoiseMemory);
  }
  ++since_change_;
  auto next = loudest();
  quiet_ = next ? 0 : quiet_ + 1;
  if (!next && quiet_ >= windows(options_.silence)) next = fallback_;
  if (!next || next == speaker_ || since_change_ < windows(options_.hold)) return {};
  since_change_ = 0;
  speaker_ = next;
  return next;
}

}  // namespace rostrum
