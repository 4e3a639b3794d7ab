// SPDX-License-Identifier: LGPL-2.1-or-later
// What a pad waits for, and how.  All with the lock held.
#include "speakerswitch/switch_state.h"

#include <algorithm>

namespace rostrum {

namespace {

// Silence of all that is longer is left out: the decision remembers less.
constexpr std::int64_t kLongestSilence = 6000;  // windows

}  // namespace

void SwitchState::wake() {
  changed_.notify_all();
  for (const auto& input : inputs_)
    if (input->wait) gst_clock_id_unschedule(input->wait);
}

// Until something changes, or until the deadline by the clock.
void SwitchState::wait(std::unique_lock<std::mutex>& lock, SwitchInput& input,
                       std::optional<Nanoseconds> deadline) {
  if (!deadline || !clock_ || !latency_) {
    changed_.wait(lock);
    return;
  }
  const auto clock = retain(clock_.get());
  const auto time = base_ + *deadline + *latency_;
  input.wait = gst_clock_new_single_shot_id(clock.get(), static_cast<GstClockTime>(time.count()));
  const auto id = input.wait;
  lock.unlock();
  gst_clock_id_wait(id, nullptr);  // at once when it was unscheduled meanwhile
  lock.lock();
  input.wait = nullptr;
  gst_clock_id_unref(id);
}

// Live: what has not arrived for this running time is late.
std::optional<Nanoseconds> SwitchState::due() const {
  if (!clock_ || !latency_) return {};
  const auto now = gst_clock_get_time(clock_.get());
  return Nanoseconds{static_cast<std::int64_t>(now)} - base_ - *latency_;
}

// Up to here all sound is known, or late; no further than the furthest pad.
Nanoseconds SwitchState::sure() const {
  Nanoseconds furthest{0};
  auto known = Nanoseconds::max();
  for (const auto& input : inputs_) {
    furthest = std::max(furthest, input->known);
    if (input->medium == Medium::audio && !input->eos && !input->flushing)
      known = std::min(known, input->known);
  }
  return std::min(furthest, std::max(known, due().value_or(kNoTime)));
}

// Decides the windows that can be decided; true when there were some.
bool SwitchState::decide_windows() {
  if (!running_ || seeking_) return false;
  const auto until = sure();
  if (speakers_.decided() + kLevelWindow > until) return false;
  if (std::all_of(inputs_.begin(), inputs_.end(),
                  [](const auto& input) { return input->meter.empty(); }))
    speakers_.skip_to(until / kLevelWindow - kLongestSilence);
  while (speakers_.decided() + kLevelWindow <= until) {
    begin();
    note(speakers_.decide(inputs_, settings_.automatic, settings_.default_pad));
  }
  return true;
}

void SwitchState::note(std::optional<SpeakerChange> change) {
  if (change) changes_.push_back(*std::move(change));
}

// The first choice, before anything is put out.
void SwitchState::begin() {
  const bool wish = !settings_.automatic && !settings_.active_pad.empty();
  note(speakers_.begin(inputs_, wish ? settings_.active_pad : settings_.default_pad));
}

// Without the automatic the wished pad's person is the speaker from the next buffer on.
void SwitchState::apply_wish() {
  if (!running_ || !speakers_.begun() || settings_.automatic || settings_.active_pad.empty())
    return;
  for (const auto& input : inputs_) {
    if (input->name != settings_.active_pad) continue;
    const auto next = std::max(outputs_[0].next, outputs_[1].next);
    note(speakers_.change(next, input->person, inputs_));
  }
}

SwitchInput* SwitchState::input_of(std::size_t person, Medium medium) const {
  for (const auto& input : inputs_)
    if (input->person == person && input->medium == medium) return input.get();
  return nullptr;
}

bool SwitchState::waits_for(SwitchInput* other, Nanoseconds t) const {
  if (!other || other->eos || other->flushing || other->passed >= t || is_due(t)) return false;
  return other->awaited = true;
}

std::optional<SwitchState::Obstacle> SwitchState::obstacle(SwitchInput& input, Nanoseconds start) {
  if (settings_.automatic) {
    const auto end = speakers_.decided() + kLevelWindow;
    if (end <= start) return Obstacle{end};
  }
  begin();
  apply_wish();
  const auto speaker = speakers_.at(start);
  if (speaker != input.person) {
    // Whoever is not shown keeps pace with who is: else a wish would come too late for them.
    auto* shown = settings_.automatic ? nullptr : input_of(speaker, input.medium);
    if (waits_for(shown, start)) return Obstacle{start};
    return {};
  }
  const auto& history = speakers_.history();
  for (std::size_t i = 1; i < history.size() && history[i].from <= start; ++i) {
    auto* before = input_of(history[i - 1].person, input.medium);
    if (before != &input && waits_for(before, history[i].from)) return Obstacle{history[i].from};
  }
  if (output(input.medium).busy) return Obstacle{};
  return {};
}

}  // namespace rostrum
