// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/patience.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace rostrum {

namespace {

namespace fs = std::filesystem;

// proc(5): "pid (name) state …"; a name may hold parentheses.  R: on a core or waiting for one;
// D: waiting for a disk.
bool wants_to_run(const fs::path& task) {
  std::ifstream file{task / "stat"};
  std::string line;
  std::getline(file, line);
  const auto state = line.rfind(") ");
  return state != std::string::npos && state + 2 < line.size() &&
         (line[state + 2] == 'R' || line[state + 2] == 'D');
}

bool another_thread_wants_to_run() {
  const auto own = std::to_string(gettid());
  std::error_code error;
  for (fs::directory_iterator task{"/proc/self/task", error}, end; !error && task != end;
       task.increment(error))
    if (task->path().filename() != own && wants_to_run(task->path())) return true;
  return false;
}

}  // namespace

Patience::Patience(Nanoseconds limit, Clock::time_point now)
    : step_{std::max<Clock::duration>(limit / 4, 1ms)},
      until_{now + limit},
      last_{now + kMostLimits * limit} {}

bool Patience::over(Clock::time_point now) {
  if (over_ || now < until_) return over_;
  over_ = now >= last_ || !another_thread_wants_to_run();
  if (!over_) until_ = std::min(now + step_, last_);
  return over_;
}

}  // namespace rostrum
