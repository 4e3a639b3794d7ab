// SPDX-License-Identifier: LGPL-2.1-or-later
// All remote files of a job, until each asset has one that is what the job promises.
#pragma once

#include "core/fetch/fetch_plan.h"
#include "core/fetch/fetch_rounds.h"
#include "core/result.h"
#include "net/download.h"
#include "tools/fetch_progress.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace rostrum {

// How a fetch of several files ended.
struct Ending {
  Kind kind = Kind::media;  // of what failed, if all of it failed alike
  std::string stopped{};    // what ended it before its end; "" = nothing did
};

class FileFetcher {
 public:
  // Files go below `dir`, as the plan says.  The plan's job then names first what was taken.
  FileFetcher(std::filesystem::path dir, const DownloadOptions& download, FetchPlan& plan,
              FetchRounds& rounds, ProgressMode mode);

  Ending run();

 private:
  bool stopped() const { return !ending_.stopped.empty(); }
  void fetch_rounds();
  void fetch_whole(std::span<const FetchRounds::File> files);
  void fetch_playlist(const FetchRounds::File& file);
  void take(const RemoteFile& place, const Result<void>& outcome);
  void judge(const std::vector<FetchRounds::Doubt>& doubts);
  // The name that the file of a place has got.
  std::string file_of(const RemoteFile& place) const;

  std::filesystem::path dir_;
  const DownloadOptions& download_;
  FetchPlan& plan_;
  FetchRounds& rounds_;
  FetchProgress progress_;
  Ending ending_;
  int failures_ = 0;
};

}  // namespace rostrum
