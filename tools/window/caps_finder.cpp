// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/window/caps_finder.h"

#include <utility>

namespace rostrum {

CapsFinder::CapsFinder() {
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

std::shared_ptr<const TrackCaps> CapsFinder::caps_of(const std::string& path) {
  const std::lock_guard lock{mutex_};
  const auto [at, added] = known_.try_emplace(path);
  if (added) {
    wanted_.push_back(path);
    changed_.notify_all();
  }
  return at->second;
}

void CapsFinder::run(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  while (changed_.wait(lock, stop, [this] { return !wanted_.empty(); }) && !stop.stop_requested()) {
    const auto path = wanted_.front();
    wanted_.erase(wanted_.begin());
    lock.unlock();
    auto found = std::make_shared<const TrackCaps>(demuxed_caps(path));
    lock.lock();
    known_[path] = std::move(found);
  }
}

}  // namespace rostrum
