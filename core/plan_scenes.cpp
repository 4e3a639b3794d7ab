// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_scenes.h"

#include "core/people_heard.h"
#include "core/plan_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace rostrum {

namespace {

constexpr Nanoseconds kShortestLayout = 200ms;
constexpr Nanoseconds kEarly = 1ms;  // see core/plan_rules.cpp

// One visible stretch of a clip, in frames.
struct Showing {
  std::size_t track;
  std::size_t clip;
  FrameRange frames;
  bool card = false;
};

constexpr Size kCard{1280, 720};

// Where each track stands: the layout without regard to which clip plays in it.
struct TrackPlace {
  Rect rect;
  int z = 0;
  Fit fit = Fit::contain;
  TileEdge edge;

  friend bool operator==(const TrackPlace&, const TrackPlace&) = default;
};
using TrackRects = std::map<std::size_t, TrackPlace>;

// A run of frames with the same showings, and what the policy makes of it.
struct Moment {
  FrameRange frames;
  std::vector<Showing> showings;
  TrackRects rects;
  std::vector<Backdrop> backdrops;
};

std::vector<Showing> all_showings(const SceneInput& in) {
  std::vector<Showing> found;
  for (std::size_t t = 0; t < in.tracks.size(); ++t)
    for (std::size_t c = 0; c < in.tracks[t].clips.size(); ++c)
      for (const auto& visible : visible_intervals(in.tracks[t].clips[c])) {
        auto frames = in.grid.range(visible);
        frames.first = std::max(frames.first, in.frames.first);
        frames.end = std::min(frames.end, in.frames.end);
        if (!frames.empty()) found.push_back({t, c, frames});
      }
  const auto heard =
      in.cards ? heard_unseen(in.tracks, in.grid, in.frames) : std::vector<HeardClip>{};
  const auto named = named_unseen(in.rules, in.tracks, in.grid, in.frames);
  for (const auto& cards : {heard, cards_of_named(named, in.tracks, heard)})
    for (const auto& card : cards) found.push_back({card.track, card.clip, card.frames, true});
  return found;
}

std::vector<Moment> cut_moments(const SceneInput& in) {
  const auto showings = all_showings(in);
  std::set<std::int64_t> cuts{in.frames.first, in.frames.end};
  for (const auto& s : showings) cuts.insert({s.frames.first, s.frames.end});
  for (const auto& s : in.speakers)
    if (const auto frame = in.grid.first_at(s.from); in.frames.contains(frame)) cuts.insert(frame);
  for (const auto& r : in.rules)
    if (const auto frame = in.grid.first_at(r.start); in.frames.contains(frame)) cuts.insert(frame);
  std::vector<Moment> moments;
  for (auto cut = cuts.begin(), next = std::next(cut); next != cuts.end(); ++cut, ++next)
    moments.push_back({{*cut, *next}, {}, {}, {}});
  for (const auto& s : showings) {
    auto at = std::lower_bound(moments.begin(), moments.end(), s.frames.first,
                               [](const Moment& m, std::int64_t f) { return m.frames.first < f; });
    for (; at != moments.end() && at->frames.first < s.frames.end; ++at) at->showings.push_back(s);
  }
  return moments;
}

// When each person (or track without one) was there, in job time.
class Attendance {
 public:
  explicit Attendance(const SceneInput& in) {
    for (const auto& track : in.tracks)
      for (const auto& clip : track.clips)
        if (clip.has_video || clip.has_audio)
          spans_[key(track)].push_back({clip.start, clip.end()});
    for (auto& [who, spans] : spans_) merge(spans);
  }

  Nanoseconds joined(const PlannedTrack& track) const {
    const auto& there = spans(track);
    return there.empty() ? 0ns : there.front().from;
  }

  Nanoseconds present(const PlannedTrack& track, Nanoseconds until) const {
    Nanoseconds total{0};
    for (const auto& s : spans(track))
      if (s.from < until) total += std::min(s.to, until) - s.from;
    return total;
  }

 private:
  static std::string key(const PlannedTrack& t) {
    return t.person.empty() ? "t" + t.id : "p" + t.person;
  }

  // Empty for somebody whose media cannot be played, but whom the user's scenes name.
  const std::vector<Interval>& spans(const PlannedTrack& t) const {
    static const std::vector<Interval> kNever;
    const auto found = spans_.find(key(t));
    return found == spans_.end() ? kNever : found->second;
  }

  static void merge(std::vector<Interval>& spans) {
    std::sort(spans.begin(), spans.end(), [](auto& a, auto& b) { return a.from < b.from; });
    std::vector<Interval> merged;
    for (const auto& s : spans) {
      if (!merged.empty() && s.from <= merged.back().to)
        merged.back().to = std::max(merged.back().to, s.to);
      else
        merged.push_back(s);
    }
    spans = std::move(merged);
  }

  std::map<std::string, std::vector<Interval>> spans_;
};

bool is_camera(const SceneInput& in, const Showing& s) {
  return s.card || in.tracks[s.track].kind == TrackKind::camera;
}

Size size_of(const SceneInput& in, const Showing& s) {
  return s.card ? kCard : in.sizes[s.track][s.clip];
}

// The showings that take part in the layout, in its order.
std::vector<std::size_t> admitted(const SceneInput& in, const Moment& moment,
                                  const LayoutScene* rule, const PeopleOrder& people) {
  std::vector<std::pair<std::size_t, std::size_t>> found;  // rank, showing
  for (std::size_t i = 0; i < moment.showings.size(); ++i) {
    const auto& track = in.tracks[moment.showings[i].track];
    const bool camera = is_camera(in, moment.showings[i]);
    const auto rank = camera ? people.rank(track.person) : 0;
    const bool on_stage = camera || !rule || !rule->stage || *rule->stage == track.id;
    if (rank && on_stage) found.emplace_back(*rank, i);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::size_t> order;
  for (const auto& f : found) order.push_back(f.second);
  return order;
}

bool is_speaker(const SceneInput& in, const LayoutScene* rule, Nanoseconds t, const Showing& s) {
  if (!is_camera(in, s)) return false;
  if (rule && !rule->speaker.empty()) return in.tracks[s.track].person == rule->speaker;
  if (in.speakers.empty()) return false;
  const auto who = speaker_at(in.speakers, t + kEarly);
  return who != kNobody && in.participants[s.track] == who;
}

LayoutSource layout_source(const SceneInput& in, const Attendance& attendance, const Showing& s,
                           Nanoseconds now) {
  const auto& track = in.tracks[s.track];
  const auto& clip = track.clips[s.clip];
  return {.kind = s.card ? TrackKind::camera : track.kind,
          .person = track.person,
          .size = size_of(in, s),
          .presenter = in.presenter[s.track],
          .has_sound = clip.has_audio,
          .since = clip.start,
          .joined = attendance.joined(track),
          .present = attendance.present(track, now)};
}

void arrange_moment(const SceneInput& in, const Attendance& attendance, PeopleOrder& people,
                    Moment& moment) {
  const auto now = in.grid.start(moment.frames.first);
  const auto* rule = rule_at(in.rules, now);
  people.follow(rule);
  auto context = in.context;
  if (rule && rule->policy) context.policy = *rule->policy;
  if (rule && rule->policy == Policy::custom) context.custom = rule->custom;
  context.in_order = rule && rule->people;
  const auto order = admitted(in, moment, rule, people);
  std::vector<LayoutSource> sources;
  for (const auto i : order) {
    const auto& showing = moment.showings[i];
    auto source = layout_source(in, attendance, showing, now);
    if (!context.speaker && is_speaker(in, rule, now, showing)) context.speaker = sources.size();
    sources.push_back(std::move(source));
  }
  auto arrangement = arrange(context, sources);
  moment.backdrops = std::move(arrangement.backdrops);
  for (const auto& tile : arrangement.tiles)
    moment.rects[moment.showings[order[tile.source]].track] = {tile.rect, tile.z, tile.fit,
                                                               tile.edge};
}

// Layouts shorter than kShortestLayout take over the rectangles of the layout before them.
void steady(const FrameGrid& grid, std::vector<Moment>& moments) {
  for (std::size_t from = 0; from < moments.size();) {
    std::size_t to = from + 1;
    while (to < moments.size() && moments[to].rects == moments[from].rects) ++to;
    const auto lasts =
        grid.start(moments[to - 1].frames.end) - grid.start(moments[from].frames.first);
    if (from > 0 && lasts < kShortestLayout)
      for (auto i = from; i < to; ++i) {
        moments[i].rects = moments[from - 1].rects;
        moments[i].backdrops = moments[from - 1].backdrops;
      }
    from = to;
  }
}

Scene to_scene(const SceneInput& in, const Moment& moment) {
  Scene scene{moment.frames, {}, moment.backdrops};
  for (const auto& s : moment.showings) {
    const auto found = moment.rects.find(s.track);
    if (found == moment.rects.end()) continue;
    auto [rect, z, how, edge] = found->second;
    // A kept rectangle may belong to another clip of the track, of another shape.
    const auto inner = fit(size_of(in, s), rect);
    if (how == Fit::contain &&
        (std::abs(inner.width - rect.width) > 2 || std::abs(inner.height - rect.height) > 2))
      rect = inner;
    scene.tiles.push_back({s.track, s.clip, rect, z, how, edge, s.card});
  }
  return scene;
}

}  // namespace

std::vector<Interval> subtract(Interval whole, std::vector<Interval> holes) {
  std::sort(holes.begin(), holes.end(), [](auto& a, auto& b) { return a.from < b.from; });
  std::vector<Interval> rest;
  for (const auto& hole : holes) {
    if (hole.empty() || hole.to <= whole.from || hole.from >= whole.to) continue;
    if (hole.from > whole.from) rest.push_back({whole.from, hole.from});
    whole.from = hole.to;
  }
  if (!whole.empty()) rest.push_back(whole);
  return rest;
}

std::vector<Interval> visible_intervals(const PlannedClip& clip) {
  if (!clip.has_video) return {};
  Interval seen{clip.start, clip.start + clip.playable};
  if (clip.picture) {
    const auto zero = clip.start - clip.in;  // of the medium, in job time
    seen.from = std::max(seen.from, zero + clip.picture->from);
    seen.to = std::min(seen.to, zero + clip.picture->to);
  }
  return subtract(seen, clip.hidden);
}

std::vector<Scene> make_scenes(const SceneInput& input) {
  auto moments = cut_moments(input);
  const Attendance attendance{input};
  PeopleOrder people;
  for (auto& moment : moments) arrange_moment(input, attendance, people, moment);
  steady(input.grid, moments);
  std::vector<Scene> scenes;
  for (const auto& moment : moments) {
    auto scene = to_scene(input, moment);
    if (!scenes.empty() && scenes.back().tiles == scene.tiles &&
        scenes.back().backdrops == scene.backdrops)
      scenes.back().frames.end = scene.frames.end;
    else
      scenes.push_back(std::move(scene));
  }
  return scenes;
}

}  // namespace rostrum
