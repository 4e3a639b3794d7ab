// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/probe_schedule.h"

#include "core/source_trials.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

using How = WorkerExit::How;

constexpr int kStarts = 2;  // of workers, to get any to its media

// Why a medium cannot be used whose worker, which had no other, ended so.
std::string problem_of(const WorkerExit& exit) {
  switch (exit.how) {
  case How::done:
    return "what its decoder says of it makes no sense";
  case How::stalled:
    return "it takes too long to read";
  case How::killed:
    return "its decoder is killed by the system again and again";
  case How::oversized:
    return "its decoder takes more than " + std::to_string(exit.most_bytes >> 20) +
           " MiB of memory";
  case How::crashed:
  case How::reported:
    break;
  }
  return "its decoder crashes";
}

}  // namespace

ProbeSchedule::ProbeSchedule(std::size_t media, std::size_t at_once)
    : at_once_{at_once}, states_(media, State::waiting), found_(media) {}

void ProbeSchedule::know(std::size_t medium, MediaInfo info) {
  states_[medium] = State::known;
  found_[medium] = std::move(info);
}

const std::vector<std::size_t>& ProbeSchedule::next() {
  const auto all_in = [this](State state, std::size_t most) {
    std::vector<std::size_t> media;
    for (std::size_t i = 0; i < states_.size() && media.size() < most; ++i)
      if (states_[i] == state) media.push_back(i);
    return media;
  };
  const auto before = std::exchange(given_, all_in(State::waiting, at_once_));
  const bool was_alone = std::exchange(alone_, given_.empty());
  if (!alone_) return given_;
  given_ = all_in(State::suspect, 1);
  attempts_ = was_alone && given_ == before ? attempts_ + 1 : 1;
  return given_;
}

void ProbeSchedule::begin(std::size_t number) {
  if (number >= given_.size()) return;
  auto& state = states_[given_[number]];
  if (state == State::waiting) state = State::begun;
}

void ProbeSchedule::find(std::size_t number, MediaInfo info) {
  if (number < given_.size() && states_[given_[number]] != State::known)
    know(given_[number], std::move(info));
}

bool ProbeSchedule::worker_is_done() const {
  return std::all_of(given_.begin(), given_.end(),
                     [this](std::size_t i) { return states_[i] == State::known; });
}

Result<void> ProbeSchedule::end(const WorkerExit& exit) {
  if (worker_is_done()) return {};
  if (!alone_) return end_of_several(exit);
  const auto suspect = given_.front();
  if (verdict(exit, attempts_) != Verdict::again_fewer) judge(suspect, exit);
  return {};
}

Result<void> ProbeSchedule::end_of_several(const WorkerExit& exit) {
  const bool began = std::any_of(given_.begin(), given_.end(),
                                 [this](std::size_t i) { return states_[i] != State::waiting; });
  for (const auto i : given_)
    if (states_[i] == State::begun || (states_[i] == State::waiting && exit.how == How::done))
      states_[i] = State::suspect;
  if (began || exit.how == How::done) return {};
  if (exit.error) return tl::unexpected(*exit.error);
  if (++attempts_ < kStarts) return {};
  return fail(Kind::internal,
              "a worker " + what_it_does(exit) + " before it has looked into any medium");
}

void ProbeSchedule::judge(std::size_t suspect, const WorkerExit& exit) {
  MediaInfo info;
  info.problem = problem_of(exit);
  know(suspect, std::move(info));
}

}  // namespace rostrum
