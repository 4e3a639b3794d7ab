// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/fetch_progress.h"

#include "tools/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace rostrum {

using Phase = DownloadState::Phase;

FetchProgress::FetchProgress(ProgressMode mode) : mode_{mode} {
  if (mode_ == ProgressMode::automatic && isatty(STDERR_FILENO)) mode_ = ProgressMode::bar;
}

FetchProgress::~FetchProgress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void FetchProgress::begin(std::vector<std::string> files) {
  files_ = std::move(files);
  last_.assign(files_.size(), {});
  begun_ = std::chrono::steady_clock::now();
}

FetchProgress::Sum FetchProgress::sum_of(std::span<const DownloadState> states) {
  Sum sum;
  for (const auto& state : states) {
    sum.done += state.phase == Phase::done;
    sum.bytes += state.bytes;
    sum.total += state.total.value_or(state.bytes);
    sum.received += state.received;
  }
  return sum;
}

void FetchProgress::update(std::span<const DownloadState> states) {
  if (mode_ == ProgressMode::none) return;
  const auto sum = sum_of(states);
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  const double speed = static_cast<double>(sum.received) / std::max(wall, 1e-3);
  if (mode_ == ProgressMode::bar)
    draw(sum, speed);
  else if (mode_ == ProgressMode::json)
    print_json(states, sum, speed);
  else
    print_lines(states);
  last_.assign(states.begin(), states.end());
}

void FetchProgress::draw(const Sum& sum, double speed) {
  drawn_ = true;
  const double share =
      std::min(1.0, static_cast<double>(sum.bytes) /
                        static_cast<double>(std::max<std::uint64_t>(sum.total, 1)));
  std::fprintf(stderr, "\r%s  file %zu of %zu, %s of %s, %s/s \033[K", progress_bar(share).c_str(),
               std::min(sum.done + 1, files_.size()), files_.size(),
               size_text(static_cast<double>(sum.bytes)).c_str(),
               size_text(static_cast<double>(sum.total)).c_str(), size_text(speed).c_str());
}

void FetchProgress::print_lines(std::span<const DownloadState> states) {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i].phase == Phase::done && last_[i].phase != Phase::done && states[i].received > 0)
      say(files_[i] + ": fetched, " + size_text(static_cast<double>(states[i].bytes)));
}

void FetchProgress::print_json(std::span<const DownloadState> states, const Sum& sum,
                               double speed) const {
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto& state = states[i];
    if (state.bytes == last_[i].bytes && state.phase == last_[i].phase) continue;
    if (state.phase == Phase::waiting) continue;
    print_file_event(files_[i], state.bytes, state.total, state.phase == Phase::done);
  }
  std::printf(
      "{\"event\":\"fetching\",\"files\":%zu,\"files-done\":%zu,\"bytes\":%llu,\"total\":%llu,"
      "\"speed\":%.0f}\n",
      states.size(), sum.done, static_cast<unsigned long long>(sum.bytes),
      static_cast<unsigned long long>(sum.total), speed);
  std::fflush(stdout);
}

}  // namespace rostrum
