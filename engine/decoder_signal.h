// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/timeline.h"

#include <condition_variable>
#include <mutex>

namespace rostrum {

// What a reading thread waits on, shared by it and its decoders.
struct DecoderSignal {
  std::mutex mutex;
  std::condition_variable changed;
  // Under the mutex:
  bool flushing = false;  // every wait of the reading thread returns at once
  int open = 0;           // decoders whose pipeline is not yet gone

  void set_flushing(bool on) {
    const std::lock_guard lock{mutex};
    flushing = on;
    changed.notify_all();
  }
  // False when some decoder hangs and is not gone after `patience`.
  bool wait_closed(Nanoseconds patience) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, patience, [this] { return open == 0; });
  }
};

}  // namespace rostrum
