// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speakerswitch/switch_speakers.h"

#include <algorithm>

namespace rostrum {

namespace {

// The sound of a person who left is remembered that long.
constexpr auto kRemembered = 10s;

// Still brings something after t.
bool lasts(const SwitchInput& input, Nanoseconds t) { return !input.eos || input.known > t; }

bool present(const SwitchInput& input, Nanoseconds from, Nanoseconds to) {
  return input.begun && *input.begun < to && lasts(input, from);
}

}  // namespace

void SwitchSpeakers::start(const SpeakerOptions& options) {
  options_ = options;
  decision_ = SpeakerDecision{options};
  history_.clear();
  levels_.clear();
  shown_ = kNobody;
  next_ = 0;
  begun_ = false;
  for (auto& person : people_)
    if (person.left) person.left = -kRemembered;
}

std::size_t SwitchSpeakers::person_of(guint number, const SwitchInputs& inputs) {
  for (const auto& input : inputs)
    if (input->number == number) return input->person;
  const auto memory = std::max<Nanoseconds>(kRemembered, 2 * options_.window + 3s);
  for (std::size_t p = 0; p < people_.size(); ++p) {
    if (!people_[p].left) continue;
    if (people_[p].number != number && *people_[p].left + memory > decided()) continue;
    people_[p] = {number, {}};
    return p;
  }
  people_.push_back({number, {}});
  return people_.size() - 1;
}

void SwitchSpeakers::leave(std::size_t person) { people_[person].left = decided(); }

std::string SwitchSpeakers::pad_of(std::size_t person, const SwitchInputs& inputs) {
  std::string found;
  for (const auto& input : inputs)
    if (input->person == person && (found.empty() || input->medium == Medium::video))
      found = input->name;
  return found;
}

std::vector<bool> SwitchSpeakers::visible_people(const SwitchInputs& inputs, Nanoseconds t) const {
  std::vector<bool> visible(people_.size());
  bool any = false;
  for (const auto& input : inputs) {
    if (input->medium != Medium::video || !lasts(*input, t)) continue;
    visible[input->person] = any = true;
  }
  if (!any) visible.assign(people_.size(), true);
  return visible;
}

std::vector<Heard> SwitchSpeakers::listen(const SwitchInputs& inputs, Nanoseconds from,
                                          Nanoseconds to) {
  std::vector<Heard> heard(people_.size(), Heard{.present = false});
  levels_.clear();
  for (const auto& input : inputs) {
    auto& person = heard[input->person];
    person.present |= present(*input, from, to);
    person.muted |= input->muted;
    if (input->medium == Medium::video) continue;
    person.level = input->meter.take(next_);
    levels_.emplace_back(input->name, person.level);
  }
  return heard;
}

// The person of `default_pad`, else the one of the highest priority, of those who are there and can
// be shown.
void SwitchSpeakers::choose_default(std::vector<Heard>& heard, const SwitchInputs& inputs,
                                    const std::string& default_pad) const {
  const auto visible = visible_people(inputs, decided());
  const SwitchInput* best = nullptr;
  for (const auto& input : inputs) {
    if (!heard[input->person].present || !visible[input->person]) continue;
    if (input->name == default_pad) {
      best = input.get();
      break;
    }
    if (input->priority > (best ? best->priority.load() : 0)) best = input.get();
  }
  if (best) heard[best->person].presenter = true;
}

std::size_t SwitchSpeakers::fallback(const std::vector<Heard>& heard,
                                     const std::vector<bool>& visible) const {
  auto found = kNobody;
  for (std::size_t p = 0; p < heard.size(); ++p) {
    if (!heard[p].present || !visible[p]) continue;
    if (heard[p].presenter) return p;
    if (found == kNobody) found = p;
  }
  return found;
}

std::optional<SpeakerChange> SwitchSpeakers::begin(const SwitchInputs& inputs,
                                                   const std::string& default_pad) {
  if (begun_) return {};
  begun_ = true;
  std::vector<Heard> heard(people_.size(), Heard{.present = false});
  for (const auto& input : inputs) heard[input->person].present |= !input->eos;
  choose_default(heard, inputs, default_pad);
  return change(Nanoseconds{0}, fallback(heard, visible_people(inputs, Nanoseconds{0})), inputs);
}

std::optional<SpeakerChange> SwitchSpeakers::decide(const SwitchInputs& inputs, bool automatic,
                                                    const std::string& default_pad) {
  const auto from = decided();
  const auto to = from + kLevelWindow;
  auto heard = listen(inputs, from, to);
  choose_default(heard, inputs, default_pad);
  decision_.update(to, heard);
  ++next_;
  if (!automatic) return {};
  const auto visible = visible_people(inputs, from);
  const auto shows = [&](std::size_t p) {
    return p < heard.size() && heard[p].present && visible[p];
  };
  // Who is heard but cannot be seen changes nothing.
  auto next = shown_;
  if (shows(decision_.current()))
    next = decision_.current();
  else if (!shows(shown_) && (shown_ == kNobody || !visible[shown_]))
    next = fallback(heard, visible);
  return change(to, next, inputs);
}

std::optional<SpeakerChange> SwitchSpeakers::change(Nanoseconds at, std::size_t person,
                                                    const SwitchInputs& inputs) {
  if (person == shown_ || person == kNobody) return {};
  if (!history_.empty()) at = std::max(at, history_.back().from + 1ns);
  SpeakerChange change{at, pad_of(shown_, inputs), pad_of(person, inputs), levels_};
  history_.push_back({at, person});
  shown_ = person;
  return change;
}

// What was forgotten was the first one's.
std::size_t SwitchSpeakers::at(Nanoseconds t) const {
  return history_.empty() ? kNobody : speaker_at(history_, std::max(t, history_.front().from));
}

void SwitchSpeakers::forget_before(Nanoseconds t) {
  while (history_.size() > 1 && history_[1].from <= t) history_.erase(history_.begin());
}

}  // namespace rostrum
