// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/sounding.h"

#include "engine/fingerprint.h"
#include "engine/parallel.h"
#include "lib/guarded.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr int kLooks = 8;
constexpr Nanoseconds kLook = 300ms;  // of medium's time, each

// Evenly over the stretches.
std::vector<Nanoseconds> spread(const std::vector<Interval>& likely) {
  Nanoseconds total{0};
  for (const auto& i : likely) total += i.to - i.from;
  std::vector<Nanoseconds> spots;
  for (int look = 0; look < kLooks; ++look) {
    auto at = total * (2 * look + 1) / (2 * kLooks);
    for (const auto& i : likely) {
      if (at < i.to - i.from) {
        spots.push_back(i.from + at);
        break;
      }
      at -= i.to - i.from;
    }
  }
  return spots;
}

// What may take the place of another file of the asset.
bool can_replace(const MediaInfo& other, const MediaInfo& first) {
  return other.usable() && other.audio && (other.video || !first.video);
}

Result<bool> check(const ResolvedAsset& asset, const ExpectedSound& expected,
                   const LevelCache& cache, MediaInfo& info, const ProbeWorkers& workers) {
  const auto sounding = [&](const MediaInfo& file) {
    return sounds(file, expected.in_medium, cache, workers.stop, workers.files);
  };
  if (info.audio) {
    const auto heard = sounding(info);
    if (!heard || *heard) return heard;
  }
  for (const auto& path : asset.others) {
    if (path == info.path) continue;
    auto found = probe_files({path}, workers);
    if (!found) return tl::unexpected(found.error());
    auto& other = found->front();
    if (!can_replace(other, info)) continue;
    const auto heard = sounding(other);
    if (!heard) return heard;
    if (!*heard) continue;
    other.instead_of = info.path;
    other.why_instead = info.audio ? "its sound is digital silence" : "it has no sound";
    info = std::move(other);
    return true;
  }
  info.silent = info.audio.has_value();
  return false;
}

}  // namespace

Result<bool> sounds(const MediaInfo& info, const std::vector<Interval>& likely,
                    const LevelCache& cache, const std::stop_token& stop, const MediaFiles& files) {
  const auto file = files.open_or_none(info.path);
  const auto content = fingerprint(file.link());
  for (const auto& known : {info.levels, cache.find(content).rms}) {
    if (known.empty()) continue;
    if (!all_silent(known)) return true;
    if (std::find(known.begin(), known.end(), kUnmeasured) == known.end()) return false;
  }
  const auto heard = sounds_at(file.link(), spread(likely), kLook, stop);
  if (!heard || *heard) return heard;
  const auto all = measure_levels(file.link(), info.duration, {}, stop);
  if (!all) return tl::unexpected(all.error());
  cache.store(content, *all);
  return !all_silent(all->rms);
}

Result<void> prefer_sounding(const std::map<std::string, ExpectedSound>& expected,
                             const std::vector<ResolvedAsset>& assets, const LevelCache& cache,
                             MediaMap& media, const ProbeWorkers& workers) {
  std::vector<const ResolvedAsset*> wanted;
  for (const auto& asset : assets)
    if (expected.contains(asset.id) && media.contains(asset.id)) wanted.push_back(&asset);
  Guarded<Error> error;
  const bool done = in_parallel(wanted.size(), 0, [&](std::size_t i) {
    const auto& id = wanted[i]->id;
    const auto checked =
        check(*wanted[i], expected.find(id)->second, cache, media.find(id)->second, workers);
    if (!checked) *error.lock() = checked.error();
    return checked.has_value();
  });
  if (workers.stop.stop_requested()) return fail(Kind::interrupted, "interrupted");
  if (!done) return tl::unexpected(error.copy());
  return {};
}

}  // namespace rostrum
