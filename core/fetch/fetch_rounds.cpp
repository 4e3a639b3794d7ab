// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/fetch_rounds.h"

#include <algorithm>
#include <unordered_map>

namespace rostrum {

FetchRounds::FetchRounds(std::vector<WantedAsset> assets) {
  for (auto& asset : assets) assets_.emplace_back().asset = std::move(asset);
}

// Without a further place the one that was kept stays.
void FetchRounds::Progress::pass_over(const std::string& why) {
  whys += (whys.empty() ? "" : "; ") + why;
  there = judged = false;
  if (++place < asset.places.size() || !kept) return;
  place = *kept;
  there = judged = true;
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
    if (why.empty())
      progress.there = true;
    else
      progress.pass_over(why);
  }
}

std::vector<FetchRounds::Doubt> FetchRounds::doubts() const {
  std::vector<Doubt> found;
  for (const auto& progress : assets_) {
    const bool last = progress.place + 1 >= progress.asset.places.size();
    const bool hashed = !progress.asset.sha256.empty();  // it is what it is declared to be
    if (progress.there && !progress.judged && !hashed && (!last || progress.kept))
      found.push_back({progress.asset.id, progress.asset.places[progress.place]});
  }
  return found;
}

void FetchRounds::judge(const std::string& asset, const std::string& why) {
  for (auto& progress : assets_) {
    if (progress.asset.id != asset || !progress.there || progress.judged) continue;
    progress.judged = true;
    if (why.empty()) continue;
    const auto rejected = progress.place;
    if (!progress.kept) progress.kept = rejected;
    progress.pass_over(progress.asset.places[rejected].path + ": " + why);
  }
}

std::vector<FetchRounds::Doubt> FetchRounds::taken() const {
  std::vector<Doubt> found;
  for (const auto& progress : assets_)
    if (progress.there) found.push_back({progress.asset.id, progress.asset.places[progress.place]});
  return found;
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
    if (progress.there && !progress.whys.empty())
      found.push_back(
          {progress.asset.id,
           progress.asset.places[progress.place].url +
               (progress.kept == progress.place ? " stays, though: " : " is taken, for ") +
               progress.whys});
  return found;
}

}  // namespace rostrum
