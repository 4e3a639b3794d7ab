// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/people_heard.h"

#include "core/plan_scenes.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

namespace rostrum {

namespace {

FrameRange common(FrameRange a, FrameRange b) {
  return {std::max(a.first, b.first), std::min(a.end, b.end)};
}

// What one person's frames show: nothing, the camera, or the card in place of a voice.
class Presence {
 public:
  void hear(std::size_t index, FrameRange frames) { heard_.emplace_back(index, frames); }
  void see(FrameRange frames) { seen_.push_back(frames); }

  // The pieces of the voices that are left, in order: (index, frames).
  std::vector<std::pair<std::size_t, FrameRange>> unseen() const {
    std::set<std::int64_t> edges;
    for (const auto& [index, frames] : heard_) edges.insert({frames.first, frames.end});
    for (const auto& frames : seen_) edges.insert({frames.first, frames.end});
    const std::vector<std::int64_t> cuts{edges.begin(), edges.end()};
    std::vector<std::size_t> cells(cuts.size(), kNothing);
    for (const auto& frames : seen_) fill(cuts, cells, frames, kCamera);
    for (const auto& [index, frames] : heard_) fill(cuts, cells, frames, index);
    std::vector<std::pair<std::size_t, FrameRange>> found;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      if (cells[i] == kNothing || cells[i] == kCamera) continue;
      if (!found.empty() && found.back().first == cells[i] && found.back().second.end == cuts[i])
        found.back().second.end = cuts[i + 1];
      else
        found.push_back({cells[i], {cuts[i], cuts[i + 1]}});
    }
    return found;
  }

 private:
  static constexpr std::size_t kNothing = ~std::size_t{0};
  static constexpr std::size_t kCamera = kNothing - 1;

  static void fill(const std::vector<std::int64_t>& cuts, std::vector<std::size_t>& cells,
                   FrameRange frames, std::size_t value) {
    auto at = static_cast<std::size_t>(std::lower_bound(cuts.begin(), cuts.end(), frames.first) -
                                       cuts.begin());
    for (; at < cuts.size() && cuts[at] < frames.end; ++at)
      if (cells[at] == kNothing) cells[at] = value;
  }

  std::vector<std::pair<std::size_t, FrameRange>> heard_;
  std::vector<FrameRange> seen_;
};

}  // namespace

std::vector<HeardClip> heard_people(const std::vector<PlannedTrack>& tracks, const FrameGrid& grid,
                                    FrameRange frames) {
  std::vector<HeardClip> found;
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    const auto& track = tracks[t];
    const bool voice = track.kind == TrackKind::camera || track.kind == TrackKind::microphone;
    if (track.person.empty() || !voice) continue;
    for (std::size_t c = 0; c < track.clips.size(); ++c) {
      const auto& clip = track.clips[c];
      if (!clip.has_audio) continue;
      for (const auto& part : subtract({clip.start, clip.start + clip.playable}, clip.muted))
        if (const auto within = common(grid.range(part), frames); !within.empty())
          found.push_back({track.person, t, c, within});
    }
  }
  return found;
}

std::vector<HeardClip> heard_unseen(const std::vector<PlannedTrack>& tracks, const FrameGrid& grid,
                                    FrameRange frames) {
  const auto heard = heard_people(tracks, grid, frames);
  std::map<std::string, Presence> people;
  for (std::size_t i = 0; i < heard.size(); ++i) people[heard[i].person].hear(i, heard[i].frames);
  for (const auto& track : tracks) {
    const auto person = people.find(track.person);
    if (track.kind != TrackKind::camera || person == people.end()) continue;
    for (const auto& clip : track.clips)
      for (const auto& visible : visible_intervals(clip))
        if (const auto within = common(grid.range(visible), frames); !within.empty())
          person->second.see(within);
  }
  std::vector<HeardClip> found;
  for (const auto& [id, presence] : people)
    for (const auto& [index, part] : presence.unseen()) {
      found.push_back(heard[index]);
      found.back().frames = part;
    }
  std::stable_sort(found.begin(), found.end(), [](const HeardClip& a, const HeardClip& b) {
    return a.track != b.track ? a.track < b.track : a.frames.first < b.frames.first;
  });
  return found;
}

void HeardSweep::add(std::size_t person, FrameRange frames) {
  edges_.push_back({frames.first, person, true});
  edges_.push_back({frames.end, person, false});
}

void HeardSweep::go_to(std::int64_t frame) {
  if (!std::exchange(sorted_, true))  // of one frame first what begins: no voice ends unheard
    std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) {
      return a.frame != b.frame ? a.frame < b.frame : a.begins > b.begins;
    });
  for (; next_ < edges_.size() && edges_[next_].frame <= frame; ++next_) {
    const auto& [at, person, begins] = edges_[next_];
    if (begins)
      ++heard_[person];
    else if (--heard_[person] == 0)
      heard_.erase(person);
  }
}

std::int64_t HeardSweep::next_change() const {
  return next_ < edges_.size() ? edges_[next_].frame : std::numeric_limits<std::int64_t>::max();
}

}  // namespace rostrum
