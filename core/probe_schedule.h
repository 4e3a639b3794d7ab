// SPDX-License-Identifier: LGPL-2.1-or-later
// Which media the next probing worker is given, whatever has become of those before it: a pure
// decision.
#pragma once

#include "core/media.h"
#include "core/retry.h"

#include <cstddef>
#include <vector>

namespace rostrum {

// All media of one worker, as long as nothing goes wrong.  One that was begun but not found when
// its worker ended is suspect: it gets a worker of its own, and what that comes to is its own
// fault.
class ProbeSchedule {
 public:
  static constexpr std::size_t kMostAtOnce = 256;  // descriptors, of the usual 1024

  explicit ProbeSchedule(std::size_t media, std::size_t at_once = kMostAtOnce);

  // For a medium that no worker is needed for; before the first worker.
  void know(std::size_t medium, MediaInfo info);
  // The media of the next worker; none when all are known.
  const std::vector<std::size_t>& next();
  // What the running worker says of one of its media, by the number there.  Nonsense is passed
  // over.
  void begin(std::size_t number);
  void find(std::size_t number, MediaInfo info);
  // Whether the running worker has nothing more to say.
  bool worker_is_done() const;
  // How the worker ended.  An error if it never came to its media.
  Result<void> end(const WorkerExit& exit);

  // Of each medium, once all are known.
  std::vector<MediaInfo> take() { return std::move(found_); }

 private:
  enum class State { waiting, begun, suspect, known };

  Result<void> end_of_several(const WorkerExit& exit);
  void judge(std::size_t suspect, const WorkerExit& exit);

  std::size_t at_once_;
  std::vector<State> states_;
  std::vector<MediaInfo> found_;
  std::vector<std::size_t> given_;  // to the running worker
  bool alone_ = false;              // that one is suspect
  int attempts_ = 0;                // at the suspect, or of workers that came to nothing
};

}  // namespace rostrum
