// SPDX-License-Identifier: LGPL-2.1-or-later
// A thread that calls when a file has changed, or when it is asked to.  A thread of its own because
// planning takes long, and because not every application runs a main loop.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

namespace rostrum {

class ManifestWatch {
 public:
  // From this thread; must return soon after a stop.
  using OnChange = std::function<void(const std::stop_token& stop)>;

  // `path`: "" = none is watched, there are only requests.  What cannot be watched is not.
  ManifestWatch(const std::string& path, OnChange on_change);
  // Waits for the thread; in the thread itself, which holds whom it calls, not.
  ~ManifestWatch();
  ManifestWatch(const ManifestWatch&) = delete;
  ManifestWatch& operator=(const ManifestWatch&) = delete;

  // Whether the file is watched.
  bool watches() const;
  // Any thread; calls soon.
  void request();

 private:
  struct Watched;

  const std::shared_ptr<Watched> watched_;
  std::jthread thread_;
};

}  // namespace rostrum
