// SPDX-License-Identifier: LGPL-2.1-or-later
// The speaker of a live meeting, from the past alone.
#include "core/speaker.h"
#include "core/speaker_talk.h"

#include <algorithm>

namespace rostrum {

namespace {

// What is remembered: the stretch in which talk is counted, and 3 s to tell noise from talk.
std::int64_t memory_windows(const SpeakerOptions& options) {
  return 2 * windows_of(options.window) + 30;
}

template <typename T>
void shift_in(std::vector<T>& memory, T value) {
  std::rotate(memory.begin(), memory.begin() + 1, memory.end());
  memory.back() = value;
}

}  // namespace

void SpeakerDecision::remember(std::span<const Heard> people) {
  const auto length = static_cast<std::size_t>(memory_windows(options_));
  while (memory_.size() < people.size())
    memory_.push_back({std::vector<float>(length), std::vector<bool>(length)});
  for (std::size_t p = 0; p < memory_.size(); ++p) {
    const auto heard = p < people.size() ? people[p] : Heard{.present = false};
    const bool audible = heard.present && !heard.muted;
    shift_in(memory_[p].power, audible ? power_of(heard.level) : 0);
    std::rotate(memory_[p].audible.begin(), memory_[p].audible.begin() + 1,
                memory_[p].audible.end());
    memory_[p].audible.back() = audible;
    if (heard.present) ++memory_[p].present_for;
  }
}

// Who has talked most in the last `window`, and long enough; notes when somebody was heard.
std::size_t SpeakerDecision::talker(Nanoseconds t) {
  const auto window = static_cast<std::size_t>(windows_of(options_.window));
  const auto length = static_cast<std::size_t>(memory_windows(options_));
  TalkFinder finder{length, options_};
  for (const auto& memory : memory_) finder.add(memory.power, memory.audible);
  const auto talk =
      finder.find(current_ == kNobody ? kNoTalker : static_cast<std::int32_t>(current_));
  if (talk.several.back()) heard_ = t;
  std::vector<std::size_t> lately(memory_.size());
  std::vector<std::size_t> count(memory_.size());
  for (std::size_t i = length - 2 * window; i < length; ++i) {
    if (talk.talker[i] == kNoTalker) continue;
    const auto who = static_cast<std::size_t>(talk.talker[i]);
    ++count[who];
    if (i >= length - window) ++lately[who];
  }
  const auto most = std::max_element(lately.begin(), lately.end());
  const auto who = static_cast<std::size_t>(most - lately.begin());
  if (most == lately.end() || *most == 0 || count[who] < least_talk(options_) ||
      !memory_[who].audible.back())
    return kNobody;
  heard_ = t;
  return who;
}

std::size_t SpeakerDecision::default_person(std::span<const Heard> people) const {
  std::size_t best = kNobody;
  for (std::size_t p = 0; p < people.size(); ++p) {
    if (!people[p].present) continue;
    if (people[p].presenter) return p;
    if (best == kNobody || memory_[p].present_for > memory_[best].present_for) best = p;
  }
  return best;
}

std::optional<Switch> SpeakerDecision::update(Nanoseconds t, std::span<const Heard> people) {
  if (now_) {
    const std::vector<Heard> silent(memory_.size(), Heard{.present = false});
    const auto longest = memory_windows(options_);
    const auto missed = std::min((t - *now_ + kLevelWindow / 2) / kLevelWindow - 1, longest);
    for (std::int64_t i = 0; i < missed; ++i) remember(silent);
  }
  now_ = t;
  remember(people);
  auto next = talker(t);
  if (next == kNobody) {
    const bool there = current_ < people.size() && people[current_].present;
    const bool silence = !heard_ || t - *heard_ >= options_.silence;
    next = there && !silence ? current_ : default_person(people);
  }
  if (next == current_ || (changed_ && t - *changed_ < options_.hold)) return {};
  if (current_ != kNobody) changed_ = t;  // the first speaker is a choice, not a change
  current_ = next;
  return Switch{t, next};
}

}  // namespace rostrum
