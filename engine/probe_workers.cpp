// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/probe_workers.h"

#include "core/probe_report.h"
#include "engine/coded_video.h"
#include "engine/fingerprint.h"
#include "engine/pace_cache.h"
#include "engine/parallel.h"
#include "engine/probe.h"

#include <algorithm>

namespace rostrum {

namespace {

// What a worker has found of clocks, of its own media: it may say nothing of others.
void keep_paces(const std::vector<std::string>& paths, const std::vector<std::size_t>& given,
                const std::string& findings, const MediaFiles& files) {
  const PaceCache said{findings};
  for (const auto i : given) {
    const auto content = fingerprint(files.open_or_none(paths[i]).link());
    if (const auto pace = said.find(content)) PaceCache::of_user().store(content, *pace);
  }
}

// The file of the asset that is looked into in this round, if its turn comes: its own first.
const std::string* candidate(const ResolvedAsset& asset, const MediaInfo& known,
                             std::size_t round) {
  if (round == 0) return asset.problem.empty() ? &asset.path : nullptr;
  const bool wanted = !known.usable() && round <= asset.others.size();
  return wanted ? &asset.others[round - 1] : nullptr;
}

}  // namespace

Result<std::vector<MediaInfo>> probe_files(const std::vector<std::string>& paths,
                                           const MediaWorkers& how) {
  const MediaTask task{.ending = kProbeJobEnding,
                       .readable = {PaceCache::of_user().folder()},
                       .job =
                           [&](const auto& media) {
                             return probe_job_json({media.size(), how.time});
                           },
                       .collect =
                           [&](const auto& media, const std::string& findings) {
                             keep_paces(paths, media, findings, how.files);
                           }};
  auto found = run_media_workers(paths, task, how);
  if (!found) return found;
  for (std::size_t i = 0; i < found->size(); ++i) {
    auto& info = (*found)[i];
    info.path = paths[i];
    if (info.coded) list_pictures(how.files.open_or_none(paths[i]).link(), *info.coded);
  }
  return found;
}

Result<std::vector<MediaInfo>> probe_files_here(const std::vector<std::string>& paths,
                                                const MediaFiles& files,
                                                const std::stop_token& stop) {
  std::vector<MediaInfo> found(paths.size());
  in_parallel(paths.size(), 0, [&](std::size_t i) {
    found[i] = probe(paths[i], {}, stop, files);
    found[i].path = paths[i];
    if (found[i].coded) list_pictures(files.open_or_none(paths[i]).link(), *found[i].coded);
    return !stop.stop_requested();
  });
  if (stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
  return found;
}

Result<MediaMap> probe_all(const std::vector<ResolvedAsset>& assets, const MediaWorkers& how) {
  return probe_all(assets,
                   [&](const std::vector<std::string>& paths) { return probe_files(paths, how); });
}

Result<MediaMap> probe_all(const std::vector<ResolvedAsset>& assets, const Prober& prober) {
  MediaMap map;
  std::size_t rounds = 1;
  for (const auto& asset : assets) {
    auto& info = map[asset.id];
    info.path = asset.path;
    info.problem = asset.problem;
    rounds = std::max(rounds, asset.others.size() + 1);
  }
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<MediaInfo*> wanted;
    std::vector<std::string> paths;
    for (const auto& asset : assets) {
      auto& info = map.find(asset.id)->second;
      const auto* path = candidate(asset, info, round);
      if (!path) continue;
      wanted.push_back(&info);
      paths.push_back(*path);
    }
    auto found = prober(paths);
    if (!found) return tl::unexpected(found.error());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (round == 0 || (*found)[i].usable()) *wanted[i] = std::move((*found)[i]);
  }
  return map;
}

}  // namespace rostrum
