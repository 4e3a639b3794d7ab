// SPDX-License-Identifier: LGPL-2.1-or-later
// Ctrl-C: the first asks for a clean stop, the second ends the process at once.
#pragma once

#include <termios.h>

#include <stop_token>
#include <string>
#include <thread>

namespace rostrum {

// Process-wide by nature (a signal has no address).  SIGINT and SIGTERM set it from install() on.
class Interrupt {
 public:
  static void install();
  static bool requested();
  // Readable once requested; for a main loop.
  static int descriptor();
  // A file that a second signal removes before it ends the process; "" = none (of the first
  // 1024, each replaceable).
  static void remove_at_abort(int index, const std::string& path);
  // A line that a second signal writes to standard error before; "" = none.
  static void say_at_abort(const std::string& line);
  // How a second signal leaves the terminal at standard input.
  static void restore_at_abort(const termios& terminal);
};

// A stop token that is requested when the process is interrupted; for work without a main loop.
class StopOnInterrupt {
 public:
  StopOnInterrupt();  // after Interrupt::install()
  ~StopOnInterrupt();
  StopOnInterrupt(const StopOnInterrupt&) = delete;
  StopOnInterrupt& operator=(const StopOnInterrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  int wake_;  // ends the watcher
  std::stop_source source_;
  std::thread watcher_;
};

}  // namespace rostrum
