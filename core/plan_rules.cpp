// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_rules.h"

#include "core/findings.h"
#include "core/plan_scenes.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace rostrum {

namespace {

constexpr std::size_t kMostWarnings = 100;
constexpr Nanoseconds kEarly = 1ms;  // what begins so much after a frame belongs to it: FrameGrid

// Each once.
std::vector<std::string> named_people(const LayoutScene& rule) {
  std::vector<std::string> named;
  const auto add = [&](const std::string& person) {
    if (!person.empty() && std::find(named.begin(), named.end(), person) == named.end())
      named.push_back(person);
  };
  if (rule.people)
    for (const auto& person : *rule.people) add(person);
  add(rule.speaker);
  for (const auto& place : rule.custom) add(place.person);
  return named;
}

// When each person is seen by a camera: in order, without overlaps.
class Cameras {
 public:
  explicit Cameras(const std::vector<PlannedTrack>& tracks) {
    for (const auto& track : tracks) {
      if (track.kind != TrackKind::camera || track.person.empty()) continue;
      for (const auto& clip : track.clips)
        for (const auto& visible : visible_intervals(clip)) seen_[track.person].push_back(visible);
    }
    for (auto& [person, intervals] : seen_) merge(intervals);
  }

  // The parts of an interval in which the person is not seen.
  std::vector<Interval> unseen(const std::string& person, Interval within) const {
    const auto found = seen_.find(person);
    if (found == seen_.end()) return {within};
    const auto& all = found->second;
    const auto first = std::partition_point(all.begin(), all.end(),
                                            [&](const Interval& i) { return i.to <= within.from; });
    const auto last = std::partition_point(first, all.end(),
                                           [&](const Interval& i) { return i.from < within.to; });
    return subtract(within, {first, last});
  }

 private:
  static void merge(std::vector<Interval>& intervals) {
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval& a, const Interval& b) { return a.from < b.from; });
    std::vector<Interval> merged;
    for (const auto& i : intervals)
      if (!merged.empty() && i.from <= merged.back().to)
        merged.back().to = std::max(merged.back().to, i.to);
      else
        merged.push_back(i);
    intervals = std::move(merged);
  }

  std::unordered_map<std::string, std::vector<Interval>> seen_;
};

// The first camera or microphone of a person that has a clip; the number of tracks for none.
std::size_t track_of(const std::vector<PlannedTrack>& tracks, const std::string& person) {
  std::size_t t = 0;
  while (t < tracks.size() &&
         (tracks[t].person != person || tracks[t].clips.empty() ||
          (tracks[t].kind != TrackKind::camera && tracks[t].kind != TrackKind::microphone)))
    ++t;
  return t;
}

}  // namespace

const LayoutScene* rule_at(const std::vector<LayoutScene>& rules, Nanoseconds t) {
  const auto after = std::upper_bound(rules.begin(), rules.end(), t + kEarly,
                                      [](Nanoseconds at, const auto& r) { return at < r.start; });
  return after == rules.begin() ? nullptr : &*std::prev(after);
}

std::vector<NamedUnseen> named_unseen(const std::vector<LayoutScene>& rules,
                                      const std::vector<PlannedTrack>& tracks,
                                      const FrameGrid& grid, FrameRange frames) {
  std::vector<NamedUnseen> found;
  const Cameras cameras{tracks};
  const auto end = grid.start(frames.end);
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const Interval rules_for{rules[r].start, r + 1 < rules.size() ? rules[r + 1].start : end};
    for (const auto& person : named_people(rules[r]))
      for (const auto& part : cameras.unseen(person, rules_for)) {
        const auto range = grid.range(part);
        const FrameRange within{std::max(range.first, frames.first),
                                std::min(range.end, frames.end)};
        if (!within.empty()) found.push_back({r, person, within});
      }
  }
  return found;
}

std::vector<HeardClip> cards_of_named(const std::vector<NamedUnseen>& unseen,
                                      const std::vector<PlannedTrack>& tracks,
                                      const std::vector<HeardClip>& already) {
  std::vector<HeardClip> cards;
  for (const auto& [rule, person, frames] : unseen) {
    const auto track = track_of(tracks, person);
    if (track == tracks.size()) continue;
    auto rest = frames;
    for (const auto& card : already) {  // in the order of time, for one person
      if (card.person != person || card.frames.end <= rest.first || card.frames.first >= rest.end)
        continue;
      if (card.frames.first > rest.first)
        cards.push_back({person, track, 0, {rest.first, card.frames.first}});
      rest.first = card.frames.end;
    }
    if (!rest.empty()) cards.push_back({person, track, 0, rest});
  }
  return cards;
}

std::vector<std::string> unseen_warnings(const std::vector<NamedUnseen>& unseen,
                                         const std::vector<PlannedTrack>& tracks,
                                         const FrameGrid& grid) {
  std::vector<std::string> warnings;
  for (const auto& [rule, person, frames] : unseen) {
    if (warnings.size() == kMostWarnings) {
      warnings.push_back("/scenes: and " + std::to_string(unseen.size() - kMostWarnings) +
                         " more such times, not listed");
      break;
    }
    warnings.push_back("/scenes/" + std::to_string(rule) + ": " + in_quotes(person) +
                       " has no camera from " + format_time(grid.start(frames.first)) + " to " +
                       format_time(grid.start(frames.end)) + ": " +
                       (track_of(tracks, person) < tracks.size()
                            ? "a card with initials is shown instead"
                            : "and no track, so nothing is shown instead"));
  }
  return warnings;
}

}  // namespace rostrum
