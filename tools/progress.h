// SPDX-License-Identifier: LGPL-2.1-or-later
// How far a render is: a bar with ETA on a terminal, plain lines elsewhere, NDJSON for programs.
#pragma once

#include "core/result.h"
#include "core/timeline.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace rostrum {

enum class ProgressMode { automatic, bar, json, none };

class Progress {
 public:
  // Rendering begins now.
  explicit Progress(ProgressMode mode);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(Nanoseconds done, Nanoseconds total);

 private:
  void draw_bar(double share, double speed, double eta) const;
  void print_line(double share, double speed, double eta);

  ProgressMode mode_;
  std::chrono::steady_clock::time_point begun_;
  int last_tenth_ = 0;
  bool drawn_ = false;
};

// "[#####.....]  50 %"
std::string progress_bar(double share);

// Of ProgressMode::json, while files are fetched: how far one of them is, and at the end the job.
void print_file_event(const std::string& file, std::uint64_t bytes,
                      std::optional<std::uint64_t> total, bool done);
void print_fetched_event(const std::string& job, std::size_t files);

// The last line of ProgressMode::json, on stdout: how the render ended.
void print_done_event(const std::string& output, double seconds, double bytes,
                      std::size_t substitutions);
void print_error_event(const Error& error);

}  // namespace rostrum
