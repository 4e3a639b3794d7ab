// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/fetch_rounds.h"

#include <algorithm>
#include <unordered_map>

namespace rostrum {

FetchRounds::FetchRounds(std::vector<WantedAsset> assets) {
  for (auto& asset : assets) assets_.push_back({std::move(asset), 0, false, {}});
}

std::vector<FetchRounds::File> FetchRounds::next() const {
  std::vector<File> files;
  std::unordered_map<std::string, std::size_t> known;  // path -> index into files
  for (const auto& progress : assets_) {
    if (!progress.open()) continue;
    const auto& place = progress.asset.places[progress.place];
    const auto [found, added] = known.try_emplace(place.path, files.size());
    if (added) files.push_back({place, {}});
    if (!progress.asset.sha256.empty()) files[found->second].sha256 = progress.asset.sha256;
  }
  return files;
}

void FetchRounds::take(const RemoteFile& place, const std::string& why) {
  for (auto& progress : assets_) {
    if (!progress.open() || progress.asset.places[progress.place] != place) continue;
    progress.there = why.empty();
    if (progress.there) continue;
    progress.whys += (progress.whys.empty() ? "" : "; ") + why;
    ++progress.place;
  }
}

std::vector<FetchRounds::Finding> FetchRounds::missing() const {
  std::vector<Finding> found;
  for (const auto& progress : assets_)
    if (!progress.there && !progress.open())
      found.push_back({progress.asset.id,
                       progress.asset.places.empty() ? progress.asset.problem : progress.whys});
  return found;
}

std::vector<FetchRounds::Finding> FetchRounds::replaced() const {
  std::vector<Finding> found;
  for (const auto& progress : assets_)
    if (progress.there && progress.place > 0)
      found.push_back({progress.asset.id, progress.asset.places[progress.place].url +
                                              " is taken, for " + progress.whys});
  return found;
}

}  // namespace rostrum
