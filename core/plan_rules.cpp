// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_rules.h"

#include "core/findings.h"
#include "core/intervals.h"
#include "core/plan_scenes.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace rostrum {

namespace {

constexpr std::size_t kMostWarnings = 100;
constexpr Nanoseconds kEarly = 1ms;  // what begins so much after a frame belongs to it: FrameGrid

struct Named {
  std::string person;
  bool admitted;
};

// Each once.
std::vector<Named> named_people(const LayoutScene& rule) {
  std::vector<Named> named;
  std::unordered_set<std::string_view> known;
  const auto add = [&](const std::string& person, bool admitted) {
    if (!person.empty() && known.insert(person).second) named.push_back({person, admitted});
  };
  if (rule.people)
    for (const auto& person : *rule.people) add(person, true);
  add(rule.speaker, !rule.people);
  for (const auto& place : rule.custom) add(place.person, !rule.people);
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
    for (auto& [person, intervals] : seen_) intervals = merged(std::move(intervals));
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
  std::unordered_map<std::string, std::vector<Interval>> seen_;
};

// Of each person the first camera or microphone that has a clip.
std::unordered_map<std::string_view, std::size_t> first_tracks(
    const std::vector<PlannedTrack>& tracks) {
  std::unordered_map<std::string_view, std::size_t> found;
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    const auto kind = tracks[t].kind;
    if (!tracks[t].clips.empty() && (kind == TrackKind::camera || kind == TrackKind::microphone))
      found.emplace(tracks[t].person, t);
  }
  return found;
}

// When each person has a card, in order.
std::unordered_map<std::string_view, std::vector<FrameRange>> frames_of(
    const std::vector<HeardClip>& cards) {
  std::unordered_map<std::string_view, std::vector<FrameRange>> found;
  for (const auto& card : cards) found[card.person].push_back(card.frames);
  for (auto& [person, frames] : found)
    std::sort(frames.begin(), frames.end(),
              [](const FrameRange& a, const FrameRange& b) { return a.first < b.first; });
  return found;
}

}  // namespace

const LayoutScene* rule_at(const std::vector<LayoutScene>& rules, Nanoseconds t) {
  const auto after = std::upper_bound(rules.begin(), rules.end(), t + kEarly,
                                      [](Nanoseconds at, const auto& r) { return at < r.start; });
  return after == rules.begin() ? nullptr : &*std::prev(after);
}

void PeopleOrder::follow(const LayoutScene* rule) {
  if (rule == rule_) return;
  rule_ = rule;
  ranks_.clear();
  if (!rule || !rule->people) return;
  for (std::size_t i = 0; i < rule->people->size(); ++i) ranks_.emplace((*rule->people)[i], i);
}

std::optional<std::size_t> PeopleOrder::rank(const std::string& person) const {
  if (!rule_ || !rule_->people) return 0;
  const auto found = ranks_.find(person);
  if (person.empty() || found == ranks_.end()) return {};
  return found->second;
}

std::vector<NamedUnseen> named_unseen(const std::vector<LayoutScene>& rules,
                                      const std::vector<PlannedTrack>& tracks,
                                      const FrameGrid& grid, FrameRange frames) {
  std::vector<NamedUnseen> found;
  const Cameras cameras{tracks};
  const auto end = grid.start(frames.end);
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const Interval rules_for{rules[r].start, r + 1 < rules.size() ? rules[r + 1].start : end};
    for (const auto& [person, admitted] : named_people(rules[r]))
      for (const auto& part : cameras.unseen(person, rules_for)) {
        const auto range = grid.range(part);
        const FrameRange within{std::max(range.first, frames.first),
                                std::min(range.end, frames.end)};
        if (!within.empty()) found.push_back({r, person, within, admitted});
      }
  }
  return found;
}

std::vector<HeardClip> cards_of_named(const std::vector<NamedUnseen>& unseen,
                                      const std::vector<PlannedTrack>& tracks,
                                      const std::vector<HeardClip>& already) {
  const auto first = first_tracks(tracks);
  const auto taken = frames_of(already);
  std::vector<HeardClip> cards;
  for (const auto& [rule, person, frames, admitted] : unseen) {
    const auto track = first.find(person);
    if (!admitted || track == first.end()) continue;
    auto rest = frames;
    if (const auto own = taken.find(person); own != taken.end()) {
      auto card = std::partition_point(own->second.begin(), own->second.end(),
                                       [&](const FrameRange& f) { return f.end <= rest.first; });
      for (; card != own->second.end() && card->first < rest.end; ++card) {
        if (card->first > rest.first)
          cards.push_back({person, track->second, 0, {rest.first, card->first}});
        rest.first = card->end;
      }
    }
    if (!rest.empty()) cards.push_back({person, track->second, 0, rest});
  }
  return cards;
}

std::vector<std::string> unseen_warnings(const std::vector<NamedUnseen>& unseen,
                                         const std::vector<PlannedTrack>& tracks,
                                         const FrameGrid& grid) {
  const auto first = first_tracks(tracks);
  const auto instead = [&](const NamedUnseen& named) {
    if (!first.contains(named.person)) return "and no track, so nothing is shown instead";
    return named.admitted ? "a card with initials is shown instead"
                          : "and is not among the scene's people, so nothing is shown instead";
  };
  std::vector<std::string> warnings;
  for (const auto& named : unseen) {
    if (warnings.size() == kMostWarnings) {
      warnings.push_back("/scenes: and " + std::to_string(unseen.size() - kMostWarnings) +
                         " more such times, not listed");
      break;
    }
    warnings.push_back("/scenes/" + std::to_string(named.rule) + ": " + in_quotes(named.person) +
                       " has no camera from " + format_time(grid.start(named.frames.first)) +
                       " to " + format_time(grid.start(named.frames.end)) + ": " + instead(named));
  }
  return warnings;
}

}  // namespace rostrum
