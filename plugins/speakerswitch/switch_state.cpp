// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speakerswitch/switch_state.h"

#include <algorithm>

namespace rostrum {

void SwitchState::start() {
  const std::lock_guard lock{mutex_};
  speakers_.start(settings_.options);
  for (const auto& input : inputs_) {
    input->rewind(0);
    input->flushing = input->stale = false;
  }
  outputs_ = {};
  changes_.clear();
  seeking_ = false;
  running_ = true;
}

void SwitchState::stop() {
  const std::lock_guard lock{mutex_};
  running_ = false;
  clock_.reset();
  latency_.reset();
  wake();
}

void SwitchState::set_clock(GstPtr<GstClock> clock, GstClockTime base_time) {
  const std::lock_guard lock{mutex_};
  clock_ = std::move(clock);
  base_ = Nanoseconds{static_cast<std::int64_t>(base_time)};
  wake();
}

void SwitchState::set_latency(std::optional<Nanoseconds> live) {
  const std::lock_guard lock{mutex_};
  if (latency_ == live) return;
  latency_ = live;
  wake();
}

SwitchSettings SwitchState::settings() {
  const std::lock_guard lock{mutex_};
  return settings_;
}

std::shared_ptr<SwitchInput> SwitchState::add(Medium medium, guint number, std::string name) {
  const std::lock_guard lock{mutex_};
  auto input = std::make_shared<SwitchInput>(medium, number, std::move(name));
  input->person = speakers_.person_of(number, inputs_);
  input->rewind(speakers_.next_window());
  inputs_.push_back(input);
  apply_wish();
  return input;
}

void SwitchState::release(SwitchInput& input) {
  const std::lock_guard lock{mutex_};
  input.released = true;
  wake();  // while it is still among those that are woken
  std::erase_if(inputs_, [&](const auto& other) { return other.get() == &input; });
  const auto same = [&](const auto& other) { return other->person == input.person; };
  if (std::none_of(inputs_.begin(), inputs_.end(), same)) speakers_.leave(input.person);
  decide_windows();
  wake();
}

void SwitchState::flush_start(SwitchInput& input) {
  const std::lock_guard lock{mutex_};
  input.flushing = true;
  decide_windows();
  wake();
}

void SwitchState::flush_stop(SwitchInput& input) {
  const std::lock_guard lock{mutex_};
  input.rewind(speakers_.next_window());
  input.flushing = input.stale = false;
  wake();
}

SwitchInputs SwitchState::inputs() {
  const std::lock_guard lock{mutex_};
  return inputs_;
}

std::string SwitchState::active_pad() {
  const std::lock_guard lock{mutex_};
  if (!running_ && !settings_.automatic) return settings_.active_pad;
  return SwitchSpeakers::pad_of(speakers_.current(), inputs_);
}

bool SwitchState::is_active(const SwitchInput& input) {
  const std::lock_guard lock{mutex_};
  return input.person == speakers_.current();
}

std::vector<SpeakerChange> SwitchState::next_changes(bool again) {
  const std::lock_guard lock{mutex_};
  if (announcing_ && !again) return {};
  announcing_ = !changes_.empty();
  return std::exchange(changes_, {});
}

void SwitchState::stream_start(SwitchInput& input) {
  const std::lock_guard lock{mutex_};
  input.eos = false;
}

void SwitchState::end(SwitchInput& input) {
  const std::lock_guard lock{mutex_};
  if (input.stale) return;
  input.eos = true;
  decide_windows();
  wake();
}

Fate SwitchState::await(SwitchInput& input, Nanoseconds start) {
  std::unique_lock lock{mutex_};
  for (;;) {
    if (input.flushing || input.released || !running_) return Fate::flushing;
    if (seeking_) {
      wait(lock, input, {});
      continue;
    }
    if (input.stale) return Fate::drop;
    decide_windows();
    const auto before = obstacle(input, start);
    if (!before) break;
    wait(lock, input, before->deadline);
  }
  if (speakers_.at(start) != input.person) return Fate::drop;
  output(input.medium).busy = true;
  output(input.medium).next = start + 1ns;
  return Fate::put_out;
}

void SwitchState::passed(SwitchInput& input, Nanoseconds end) {
  if (input.stale) return;
  input.passed = std::max(input.passed, end);
  if (speakers_.history().size() > 1) {
    auto all = end;
    for (const auto& other : inputs_)
      if (!other->eos && !other->flushing) all = std::min(all, other->passed);
    speakers_.forget_before(all);
  }
  if (input.awaited) wake();
  input.awaited = false;
}

void SwitchState::leave_output(SwitchInput& input, Nanoseconds end) {
  const std::lock_guard lock{mutex_};
  output(input.medium).busy = false;
  passed(input, end);
  wake();
}

void SwitchState::dropped(SwitchInput& input, Nanoseconds end) {
  const std::lock_guard lock{mutex_};
  passed(input, end);
}

bool SwitchState::take_output_for_end(Medium medium) {
  const std::lock_guard lock{mutex_};
  auto& out = output(medium);
  if (!running_ || seeking_ || out.busy || out.ended) return false;
  bool any = false;
  for (const auto& input : inputs_) {
    if (input->medium != medium) continue;
    if (!input->eos) return false;
    any = true;
  }
  return out.ended = out.busy = any;
}

void SwitchState::free_output(Medium medium) {
  const std::lock_guard lock{mutex_};
  output(medium).busy = false;
  wake();
}

void SwitchState::seek_start() {
  const std::lock_guard lock{mutex_};
  seeking_ = true;
  for (const auto& input : inputs_) {
    input->ended_before_seek = input->eos;
    input->rewind(0);
    input->stale = true;
  }
  speakers_.start(settings_.options);
  changes_.clear();
  wake();
}

void SwitchState::seek_quiet() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return !outputs_[0].busy && !outputs_[1].busy; });
  outputs_ = {};
}

void SwitchState::seek_end(const SwitchInputs& refused) {
  const std::lock_guard lock{mutex_};
  for (const auto& input : refused) {
    input->stale = false;
    input->eos = input->ended_before_seek;
  }
  seeking_ = false;
  wake();
}

}  // namespace rostrum
