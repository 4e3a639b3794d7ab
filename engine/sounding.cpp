// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sounding.h"

#include "engine/listening_workers.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace rostrum {

namespace {

constexpr int kLooks = 8;
constexpr Nanoseconds kLook = 300ms;  // of medium's time, each

// So many pieces, evenly over the stretches.
std::vector<Interval> spread(const std::vector<Interval>& likely, int looks) {
  Nanoseconds total{0};
  for (const auto& i : likely) total += i.to - i.from;
  std::vector<Interval> pieces;
  for (int look = 0; look < looks; ++look) {
    auto at = total * (2 * look + 1) / (2 * looks);
    for (const auto& i : likely) {
      if (at < i.to - i.from) {
        pieces.push_back({i.from + at, i.from + at + kLook});
        break;
      }
      at -= i.to - i.from;
    }
  }
  return pieces;
}

// What may take the place of another file of the asset.
bool can_replace(const MediaInfo& other, const MediaInfo& first) {
  return other.usable() && other.audio && (other.video || !first.video);
}

// One asset's file, or one that may take its place.
struct Candidate {
  const ResolvedAsset* asset = nullptr;
  MediaInfo* info = nullptr;
};

class Listener {
 public:
  Listener(const std::map<std::string, ExpectedSound>& expected, const LevelCache& cache,
           const MediaWorkers& workers)
      : expected_{expected},
        cache_{cache},
        files_{workers.files},
        listen_{listen_by_workers(workers)} {}

  // Takes away those that sound.
  Result<std::vector<Candidate>> take_sounding(std::vector<Candidate>& candidates) const {
    std::vector<Candidate> sounding;
    std::set<std::string> broken;
    for (const int looks : {1, kLooks, 0}) {
      const auto levels = hear(candidates, looks, broken);
      if (!levels) return tl::unexpected(levels.error());
      const auto silent = [&](const Candidate& candidate) {
        const auto heard = levels->find(candidate.asset->id);
        return heard == levels->end() || all_silent(heard->second.rms);
      };
      const auto heard = std::stable_partition(candidates.begin(), candidates.end(), silent);
      std::move(heard, candidates.end(), std::back_inserter(sounding));
      candidates.erase(heard, candidates.end());
    }
    return sounding;
  }

 private:
  // So many pieces of each that is not broken; 0: all of it.
  Result<std::map<std::string, SoundLevels>> hear(const std::vector<Candidate>& candidates,
                                                  int looks, std::set<std::string>& broken) const {
    MediaRefs media;
    SoundParts parts;
    for (const auto& [asset, info] : candidates) {
      if (broken.contains(asset->id)) continue;
      media.emplace(asset->id, info);
      if (looks > 0) parts[asset->id] = spread(expected_.find(asset->id)->second.in_medium, looks);
    }
    const auto note = [&](const std::string& asset, const std::string&) { broken.insert(asset); };
    return all_levels(media, cache_, listen_,
                      {.parts = std::move(parts), .files = files_, .on_problem = note});
  }

  const std::map<std::string, ExpectedSound>& expected_;
  const LevelCache& cache_;
  const MediaFiles& files_;
  const Listen listen_;
};

// The next further file of each of these assets, as far as it can take the place of what is there;
// `found` holds what is in them.
Result<std::vector<Candidate>> further_files(const std::vector<Candidate>& silent,
                                             std::size_t number, const MediaWorkers& workers,
                                             std::vector<MediaInfo>& found) {
  std::vector<const Candidate*> wanted;
  std::vector<std::string> paths;
  for (const auto& candidate : silent) {
    const auto& others = candidate.asset->others;
    if (number >= others.size() || others[number] == candidate.info->path) continue;
    wanted.push_back(&candidate);
    paths.push_back(others[number]);
  }
  auto probed = probe_files(paths, workers);
  if (!probed) return tl::unexpected(probed.error());
  found = std::move(*probed);
  std::vector<Candidate> further;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (can_replace(found[i], *wanted[i]->info)) further.push_back({wanted[i]->asset, &found[i]});
  return further;
}

void replace(MediaInfo& info, MediaInfo other) {
  other.instead_of = info.path;
  other.why_instead = info.audio ? "its sound is digital silence" : "it has no sound";
  info = std::move(other);
}

}  // namespace

Result<bool> prefer_sounding(const std::map<std::string, ExpectedSound>& expected,
                             const std::vector<ResolvedAsset>& assets, const LevelCache& cache,
                             MediaMap& media, const MediaWorkers& workers) {
  const Listener listener{expected, cache, workers};
  std::vector<Candidate> silent;
  std::size_t most_others = 0;
  for (const auto& asset : assets) {
    const auto found = media.find(asset.id);
    if (!expected.contains(asset.id) || found == media.end()) continue;
    const auto& levels = found->second.levels;  // as far as they are known already
    if (!levels.empty() && !all_silent(levels)) continue;
    silent.push_back({&asset, &found->second});
    most_others = std::max(most_others, asset.others.size());
  }
  if (auto heard = listener.take_sounding(silent); !heard) return tl::unexpected(heard.error());
  bool replaced = false;
  for (std::size_t number = 0; number < most_others; ++number) {
    std::vector<MediaInfo> found;
    auto further = further_files(silent, number, workers, found);
    if (!further) return tl::unexpected(further.error());
    auto sounding = listener.take_sounding(*further);
    if (!sounding) return tl::unexpected(sounding.error());
    for (auto& [asset, info] : *sounding) {
      replace(media.find(asset->id)->second, std::move(*info));
      replaced = true;
      std::erase_if(silent, [&](const Candidate& c) { return c.asset == asset; });
    }
  }
  for (const auto& [asset, info] : silent) info->silent = info->audio.has_value();
  return replaced;
}

}  // namespace rostrum
