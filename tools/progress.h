// SPDX-License-Identifier: LGPL-2.1-or-later
// How far a render is: a bar with ETA on a terminal, plain lines elsewhere, NDJSON for programs.
#pragma once

#include "core/result.h"
#include "core/timeline.h"

#include <chrono>
#include <string>

namespace rostrum {

enum class ProgressMode { automatic, bar, json, none };

class Progress {
 public:
  Progress(ProgressMode mode, Nanoseconds total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(Nanoseconds done);

 private:
  void draw_bar(double share, double speed, double eta) const;
  void print_line(double share, double speed, double eta);
  void print_json(Nanoseconds done, double speed, double eta) const;

  ProgressMode mode_;
  Nanoseconds total_;
  std::chrono::steady_clock::time_point begun_;
  int last_tenth_ = 0;
  bool drawn_ = false;
};

// The last line of ProgressMode::json, on stdout: how the render ended.
void print_done_event(const std::string& output, double seconds, double bytes,
                      std::size_t substitutions);
void print_error_event(const Error& error);

}  // namespace rostrum
