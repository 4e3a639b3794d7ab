// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds out what files hold on a thread of its own: whoever shows a window must not wait for that.
#pragma once

#include "engine/packet_file.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rostrum {

class CapsFinder {
 public:
  CapsFinder();
  CapsFinder(const CapsFinder&) = delete;
  CapsFinder& operator=(const CapsFinder&) = delete;

  // Of a file that stays as it is; null until it is known, which is asked for with that.
  std::shared_ptr<const TrackCaps> caps_of(const std::string& path);

 private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;  // guards the next three
  std::condition_variable_any changed_;
  std::map<std::string, std::shared_ptr<const TrackCaps>> known_;  // null: it is looked for
  std::vector<std::string> wanted_;                                // in order
  std::jthread thread_;                                            // the first to go
};

}  // namespace rostrum
