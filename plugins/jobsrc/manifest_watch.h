// SPDX-License-Identifier: LGPL-2.1-or-later
// A thread that calls when a file has changed, or when it is asked to.  A thread of its own because
// planning takes long, and because not every application runs a main loop.
#pragma once

#include "engine/file.h"

#include <functional>
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
  ~ManifestWatch();
  ManifestWatch(const ManifestWatch&) = delete;
  ManifestWatch& operator=(const ManifestWatch&) = delete;

  // Any thread; calls soon.
  void request();

 private:
  void run(const std::stop_token& stop);
  bool changed();
  void watch(const std::string& path);

  const OnChange on_change_;
  File wake_;         // readable when something is asked of the thread
  File changes_;      // of the file's folder
  std::string name_;  // of the file in it
  std::jthread thread_;
};

}  // namespace rostrum
