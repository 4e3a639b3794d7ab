// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/file_fetcher.h"

#include "tools/hls_asset.h"
#include "tools/promise_check.h"

#include <algorithm>

namespace rostrum {

namespace fs = std::filesystem;

FileFetcher::FileFetcher(fs::path dir, const DownloadOptions& download, FetchPlan& plan,
                         FetchRounds& rounds, ProgressMode mode)
    : dir_{std::move(dir)}, download_{download}, plan_{plan}, rounds_{rounds}, progress_{mode} {}

Ending FileFetcher::run() {
  for (;;) {
    fetch_rounds();
    const auto doubts = rounds_.doubts();
    if (stopped() || doubts.empty()) break;
    judge(doubts);
    if (stopped()) break;
  }
  for (const auto& taken : rounds_.taken()) put_first(plan_.job, taken.asset, file_of(taken.place));
  return ending_;
}

void FileFetcher::fetch_rounds() {
  for (auto files = rounds_.next(); !files.empty() && !stopped(); files = rounds_.next()) {
    const auto playlists = std::stable_partition(files.begin(), files.end(),
                                                 [](const auto& file) { return !file.place.hls; });
    fetch_whole({files.begin(), playlists});
    for (auto file = playlists; file != files.end() && !stopped(); ++file) fetch_playlist(*file);
  }
}

void FileFetcher::fetch_whole(std::span<const FetchRounds::File> files) {
  if (files.empty()) return;
  std::vector<DownloadRequest> requests;
  std::vector<std::string> names;
  for (const auto& file : files) {
    names.push_back(file.place.path);
    requests.push_back({file.place.url, (dir_ / file.place.path).string(), file.sha256});
  }
  progress_.begin(std::move(names));
  const auto outcomes =
      download_all(requests, download_, [&](auto states) { progress_.update(states); });
  for (std::size_t i = 0; i < files.size(); ++i) take(files[i].place, outcomes[i]);
}

void FileFetcher::fetch_playlist(const FetchRounds::File& file) {
  const auto& canvas = plan_.job.canvas;
  const HlsAsset asset{
      file.place.url, (dir_ / file.place.path).string(), {canvas.width, canvas.height}};
  DownloadState last;
  const auto update = [&](const DownloadState& state) {
    last = state;
    progress_.update({&last, 1});
  };
  progress_.begin({file.place.path});
  const auto path = fetch_hls(asset, download_, update);
  auto end = last;
  end.phase = path ? DownloadState::Phase::done : DownloadState::Phase::failed;
  if (path) end.total = end.bytes;
  update(end);
  take(file.place, path ? Result<void>{} : tl::unexpected(path.error()));
  if (path && *path != asset.path) rename_file(plan_, file.place, file_of(file.place));
}

void FileFetcher::take(const RemoteFile& place, const Result<void>& outcome) {
  rounds_.take(place, outcome ? "" : outcome.error().message);
  if (outcome || stopped()) return;
  const auto& error = outcome.error();
  if (error.kind == Kind::interrupted || error.kind == Kind::internal)
    ending_ = {error.kind, error.message};
  else
    ending_.kind = failures_++ == 0 || error.kind == ending_.kind ? error.kind : Kind::media;
}

// Before another place is tried for what a file may lack.
void FileFetcher::judge(const std::vector<FetchRounds::Doubt>& doubts) {
  std::map<std::string, std::string> files;
  for (const auto& doubt : doubts) files.emplace(doubt.asset, file_of(doubt.place));
  const auto broken = check_promises(plan_.job, files, dir_.string());
  if (!broken) {
    ending_ = {broken.error().kind, broken.error().message};
    return;
  }
  for (const auto& doubt : doubts) {
    const auto why = broken->find(doubt.asset);
    rounds_.judge(doubt.asset, why == broken->end() ? "" : why->second);
  }
}

std::string FileFetcher::file_of(const RemoteFile& place) const {
  std::error_code error;
  const bool matroska = place.hls && !fs::exists(dir_ / place.path, error);
  return matroska ? matroska_path(place.path) : place.path;
}

}  // namespace rostrum
