// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/clock_by_log.h"

#include "core/settle_clocks.h"
#include "core/speaker.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace rostrum {

namespace {

constexpr std::int16_t kMutedLevel = -850;    // tenths of dBFS: no room is that quiet
constexpr std::ptrdiff_t kLeastSilence = 10;  // windows
constexpr Nanoseconds kLeastDifference{1s};
constexpr Nanoseconds kLogScatter{1500ms};  // of a log's times, at most
constexpr std::size_t kLeastEdges = 4;
constexpr std::size_t kMostEdges = 200;
constexpr double kDriftOverScatter =
    4;                              // what is taken for drift stands out of what is left by so much
constexpr double kAgreement = 0.3;  // of lengths and mutes, of what they run off

// Where silence begins or ends.
struct Edge {
  Nanoseconds at{0};
  bool begins = false;
};

// The log's and the sound's time of one edge, in seconds.
struct Match {
  double logged = 0;
  double heard = 0;
};

// The asset's only clip, if it has just one; else nothing can be told from its length.
const Clip* only_clip(const Manifest& manifest, const std::string& asset) {
  const Clip* found = nullptr;
  for (const auto& track : manifest.tracks)
    for (const auto& clip : track.clips) {
      if (clip.asset != asset) continue;
      if (found) return nullptr;
      found = &clip;
    }
  return found;
}

double length_ratio(const Clip& clip, const MediaInfo& info) {
  return to_seconds(info.duration) / to_seconds(clip.in + *clip.duration);
}

bool is_off(double factor) {
  const auto off = std::abs(SoundClock::off_of(factor));
  return off >= kLeastOff && off <= kMostOff;
}

const Clip* clip_to_time(const Manifest& manifest, const Asset& asset, const MediaInfo& info) {
  if (asset.clock || !info.usable() || !info.audio || info.video || !info.clock.own()) return {};
  const auto* clip = only_clip(manifest, asset.id);
  if (!clip || !clip->duration || clip->loop || 2 * clip->muted.size() < kLeastEdges) return {};
  const auto difference = info.duration - clip->in - *clip->duration;
  if (std::chrono::abs(difference) <= kLeastDifference) return {};
  return is_off(length_ratio(*clip, info)) ? clip : nullptr;
}

std::vector<Edge> edges_of(const std::vector<std::int16_t>& levels) {
  std::vector<Edge> edges;
  for (auto at = levels.begin(); at != levels.end();) {
    const bool silent = *at <= kMutedLevel;
    const auto end = std::find_if(
        at, levels.end(), [silent](auto level) { return (level <= kMutedLevel) != silent; });
    if (silent && end - at >= kLeastSilence) {
      edges.push_back({kLevelWindow * (at - levels.begin()), true});
      edges.push_back({kLevelWindow * (end - levels.begin()), false});
    }
    at = end;
  }
  return edges;
}

// Of what the log mutes within the clip, in the medium's time.
std::vector<Edge> edges_of(const Clip& clip) {
  std::vector<Edge> edges;
  const auto add = [&](Nanoseconds t, bool begins) {
    const auto at = t - clip.start;
    if (at > kLogScatter && at < *clip.duration - kLogScatter)
      edges.push_back({clip.in + at, begins});
  };
  for (const auto& muted : clip.muted) {
    add(muted.from, true);
    add(muted.to, false);
  }
  if (edges.size() > kMostEdges) edges.resize(kMostEdges);
  return edges;
}

std::vector<Match> matches(const std::vector<Edge>& logged, const std::vector<Edge>& heard,
                           double ratio) {
  std::vector<Match> found;
  for (const auto& edge : logged) {
    const auto expected = to_seconds(edge.at) * ratio;
    double nearest = HUGE_VAL;
    for (const auto& other : heard)
      if (other.begins == edge.begins &&
          std::abs(to_seconds(other.at) - expected) < std::abs(nearest - expected))
        nearest = to_seconds(other.at);
    if (std::abs(nearest - expected) <= to_seconds(kLogScatter))
      found.push_back({to_seconds(edge.at), nearest});
  }
  return found;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The median of the slopes between any two (Theil and Sen): a few wrong matches do not count.
double slope(const std::vector<Match>& matches) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < matches.size(); ++i)
    for (std::size_t j = i + 1; j < matches.size(); ++j)
      if (matches[j].logged - matches[i].logged > 1)
        slopes.push_back((matches[j].heard - matches[i].heard) /
                         (matches[j].logged - matches[i].logged));
  return slopes.empty() ? 1 : median(std::move(slopes));
}

// What half of the edges keep within when the clock is taken for that.
double scatter(const std::vector<Match>& matches, double factor) {
  std::vector<double> off;
  for (const auto& m : matches) off.push_back(m.heard - factor * m.logged);
  const auto shift = median(off);
  for (auto& o : off) o = std::abs(o - shift);
  return median(std::move(off));
}

std::optional<double> clock_of(const Clip& clip, const MediaInfo& info) {
  const auto logged = edges_of(clip);
  const auto ratio = length_ratio(clip, info);
  const auto found = matches(logged, edges_of(info.levels), ratio);
  if (found.size() < kLeastEdges || 5 * found.size() < 4 * logged.size()) return {};
  const auto span = found.back().logged - found.front().logged;
  if (2 * span < to_seconds(info.duration)) return {};
  const auto factor = slope(found);
  if (!is_off(factor)) return {};
  if (std::abs(factor - ratio) > kAgreement * std::abs(ratio - 1)) return {};
  // A level's window is 0.1 s long.
  const auto left = std::max(scatter(found, factor), to_seconds(kLevelWindow) / 2);
  if (std::abs(factor - 1) * span < kDriftOverScatter * left) return {};
  return factor;
}

}  // namespace

std::vector<std::string> assets_to_time(const Manifest& manifest, const MediaMap& media) {
  std::vector<std::string> found;
  for (const auto& asset : manifest.assets) {
    const auto info = media.find(asset.id);
    if (info != media.end() && clip_to_time(manifest, asset, info->second))
      found.push_back(asset.id);
  }
  return found;
}

void settle_clocks_by_log(const Manifest& manifest, MediaMap& media) {
  for (const auto& asset : manifest.assets) {
    const auto found = media.find(asset.id);
    if (found == media.end()) continue;
    auto& info = found->second;
    const auto* clip = clip_to_time(manifest, asset, info);
    const auto factor = clip ? clock_of(*clip, info) : std::nullopt;
    if (!factor) continue;
    settle_clock(info, factor);
    info.clock_why = "it is " + format_time(info.sound.to) +
                     " long and its silences stand where the "
                     "log mutes it only so";
    info.levels.clear();
    info.loudness.clear();
    info.peaks.clear();
  }
}

}  // namespace rostrum
