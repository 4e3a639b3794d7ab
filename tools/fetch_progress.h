// SPDX-License-Identifier: LGPL-2.1-or-later
// How far a fetch is: a bar on a terminal, a line for each file elsewhere, NDJSON for programs.
#pragma once

#include "net/download.h"
#include "tools/progress.h"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace rostrum {

class FetchProgress {
 public:
  explicit FetchProgress(ProgressMode mode);
  ~FetchProgress();
  FetchProgress(const FetchProgress&) = delete;
  FetchProgress& operator=(const FetchProgress&) = delete;

  // The files of the round that begins, as they are named below the target folder.
  void begin(std::vector<std::string> files);
  void update(std::span<const DownloadState> states);

 private:
  struct Sum {
    std::size_t done = 0;     // files
    std::uint64_t bytes = 0;  // that are there
    std::uint64_t total = 0;  // of the files whose size is known
    std::uint64_t received = 0;
  };

  static Sum sum_of(std::span<const DownloadState> states);
  void draw(const Sum& sum, double speed);
  void print_lines(std::span<const DownloadState> states);
  void print_json(std::span<const DownloadState> states, const Sum& sum, double speed) const;

  ProgressMode mode_;
  std::vector<std::string> files_;
  std::vector<DownloadState> last_;
  std::chrono::steady_clock::time_point begun_;
  bool drawn_ = false;
};

}  // namespace rostrum
