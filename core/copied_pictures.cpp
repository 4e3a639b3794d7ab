// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/copied_pictures.h"

#include "core/clip_schedule.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace rostrum {

namespace {

// By so much a time may be off for how a demuxer rounds it.
constexpr Nanoseconds kRounding{1'000};
constexpr char kOffGrid[] = "its pictures do not fall one to one on the film's frames";
constexpr char kCutGroup[] = "a group of pictures is cut here";
constexpr char kTooShort[] = "what could be copied is too short";

// A medium's pictures in both orders.
class Ranked {
 public:
  explicit Ranked(const CodedVideo& video) : video_{video} {
    for (std::size_t i = 0; i < video.pictures.size(); ++i)
      if (video.pictures[i].time != kNoTime) shown_.push_back(i);
    std::stable_sort(shown_.begin(), shown_.end(), [&](std::size_t a, std::size_t b) {
      return video.pictures[a].time < video.pictures[b].time;
    });
    ranks_.assign(video.pictures.size(), -1);
    for (std::size_t r = 0; r < shown_.size(); ++r)
      ranks_[shown_[r]] = static_cast<std::int64_t>(r);
    find_breaks();
  }

  std::int64_t count() const { return std::ssize(shown_); }
  Nanoseconds time(std::int64_t rank) const { return picture(decoded_at(rank)).time; }
  std::int64_t decoded_at(std::int64_t rank) const {
    return static_cast<std::int64_t>(shown_[index(rank)]);
  }
  // The picture that is shown at t, if no rounding could make it another.
  std::optional<std::int64_t> shown_at(Nanoseconds t) const {
    const auto after = std::upper_bound(
        shown_.begin(), shown_.end(), t + kGridTolerance,
        [&](Nanoseconds at, std::size_t i) { return at < video_.pictures[i].time; });
    const auto rank = static_cast<std::int64_t>(after - shown_.begin()) - 1;
    if (rank < 0 || time(rank) + kRounding > t + kGridTolerance) return {};
    const bool last = rank + 1 == count();
    const auto until = last ? video_.end : time(rank + 1);
    return until - kRounding > t + kGridTolerance ? std::optional{rank} : std::nullopt;
  }
  // Whether the pictures that are shown before this one are those that are decoded before it, and
  // none of them is needed from it on.
  bool can_begin(std::int64_t rank) const {
    return rank < count() && breaks_[index(rank)] && picture(decoded_at(rank)).idr &&
           first_decoded(rank) == decoded_at(rank);
  }
  // The same without asking what is needed: decoding may end before it.
  bool can_end(std::int64_t rank) const { return breaks_[index(rank)]; }
  // Whether the pictures of these ranks are decoded one after the other, with nothing between.
  bool whole(std::int64_t first, std::int64_t end) const {
    return first_decoded(end) - first_decoded(first) == end - first;
  }
  // Of the pictures from that rank on, where one can begin or end.
  std::int64_t first_decoded(std::int64_t rank) const { return first_decoded_[index(rank)]; }

 private:
  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }
  const CodedPicture& picture(std::int64_t i) const { return video_.pictures[index(i)]; }

  // For each rank whether all before it are decoded before all from it on, and if so where those
  // begin.
  void find_breaks() {
    breaks_.assign(shown_.size() + 1, false);
    first_decoded_.assign(shown_.size() + 1, 0);
    std::int64_t seen = 0;
    std::int64_t greatest = -1;
    for (std::size_t i = 0; i < ranks_.size(); ++i) {
      if (ranks_[i] < 0) continue;
      if (greatest == seen - 1) mark(seen, static_cast<std::int64_t>(i));
      greatest = std::max(greatest, ranks_[i]);
      ++seen;
    }
    const auto end = shown_.empty() ? 0 : *std::max_element(shown_.begin(), shown_.end()) + 1;
    mark(seen, static_cast<std::int64_t>(end));
  }
  void mark(std::int64_t rank, std::int64_t decoded) {
    breaks_[index(rank)] = true;
    first_decoded_[index(rank)] = decoded;
  }

  const CodedVideo& video_;
  std::vector<std::size_t> shown_;   // in the order of showing
  std::vector<std::int64_t> ranks_;  // by the order of decoding; -1 = not shown
  std::vector<bool> breaks_;         // by rank
  std::vector<std::int64_t> first_decoded_;
};

// A run of frames on each of which the next picture falls.
struct Aligned {
  FrameRange frames;
  std::int64_t rank = 0;  // of the first
};

// Where one medium is shown alone and unchanged.
struct Stretch {
  FrameRange frames;
  std::size_t track = 0;
  std::size_t clip = 0;
};

class StretchCopier {
 public:
  StretchCopier(const Ranked& ranked, const FrameGrid& grid, std::string asset, PicturePlan& out)
      : ranked_{ranked}, grid_{grid}, asset_{std::move(asset)}, out_{out} {}

  void copy(FrameRange frames, Nanoseconds offset) {
    auto next = frames.first;
    while (next < frames.end) {
      const auto aligned = align({next, frames.end}, offset);
      if (aligned.frames.empty()) {
        compose({next, next + 1}, kOffGrid);
        ++next;
        continue;
      }
      take(aligned, aligned.frames == frames);
      next = aligned.frames.end;
    }
  }

 private:
  Aligned align(FrameRange frames, Nanoseconds offset) const {
    Aligned run{{frames.first, frames.first}, 0};
    for (; run.frames.end < frames.end; ++run.frames.end) {
      const auto rank = ranked_.shown_at(grid_.start(run.frames.end) + offset);
      if (!rank || (!run.frames.empty() && *rank != run.rank + run.frames.count())) break;
      if (run.frames.empty()) run.rank = *rank;
    }
    return run;
  }

  // Copies from the first picture on with which decoding can begin.  `all`: of the stretch.
  void take(const Aligned& aligned, bool all) {
    const auto end_rank = aligned.rank + aligned.frames.count();
    auto begin = aligned.rank;
    while (begin < end_rank && !ranked_.can_begin(begin)) ++begin;
    auto end = end_rank;
    while (end > begin && !(ranked_.can_end(end) && ranked_.whole(begin, end))) --end;
    const auto frame_of = [&](std::int64_t rank) {
      return aligned.frames.first + rank - aligned.rank;
    };
    const FrameRange frames{frame_of(begin), frame_of(end)};
    if (frames.empty() || grid_.start(frames.end) - grid_.start(frames.first) < kShortestRun)
      return compose(aligned.frames, !all ? kOffGrid : begin == end ? kCutGroup : kTooShort);
    compose({aligned.frames.first, frames.first}, kCutGroup);
    CopiedRun run{frames, asset_, ranked_.first_decoded(begin), {}};
    for (auto rank = begin; rank < end; ++rank)
      if (ranked_.can_begin(rank)) run.entries.push_back(frame_of(rank));
    out_.copied.push_back(std::move(run));
    compose({frames.end, aligned.frames.end}, kCutGroup);
  }

  void compose(FrameRange frames, const char* why) {
    if (frames.empty()) return;
    auto* last = out_.composed.empty() ? nullptr : &out_.composed.back();
    if (last && last->why == why && last->frames.end == frames.first)
      last->frames.end = frames.end;
    else
      out_.composed.push_back({frames, why});
  }

  const Ranked& ranked_;
  FrameGrid grid_;
  std::string asset_;
  PicturePlan& out_;
};

// Why what a scene shows is not one medium's picture as it is; "" = it is.
std::string changed(const Plan& plan, const Scene& scene) {
  if (scene.tiles.empty()) return "nothing is shown";
  if (scene.tiles.size() > 1) return "several pictures are shown";
  const auto& tile = scene.tiles.front();
  const auto& track = plan.tracks[tile.track];
  if (tile.card) return "a card is shown";
  if (track.kind == TrackKind::slides || track.clips[tile.clip].still)
    return "a still picture is shown";
  if (tile.rect != Rect{0, 0, plan.canvas.width, plan.canvas.height})
    return "its picture does not fill the canvas";
  return tile.edge.plain() ? "" : "its picture has an edge";
}

// Every condition on the medium itself.
std::string unsuitable(const Plan& plan, const MediaMap& media, const PlannedClip& clip) {
  const auto medium = media.find(clip.asset);
  if (medium == media.end() || !medium->second.usable()) return "its medium is not known";
  const auto& coded = medium->second.coded;
  if (!coded) return "its medium is not H.264 in an MP4 file";
  if (!coded->unlike.empty()) return coded->unlike;
  if (clip.colors == Colors::bt601 || (coded->unsaid_colors && clip.colors == Colors::own))
    return "its colours are those of BT.601";
  if (Size{coded->width, coded->height} != plan.canvas)
    return "its pictures are of " + std::to_string(coded->width) + "x" +
           std::to_string(coded->height) + ", not of the canvas's size";
  return {};
}

// What of the frames is drawn over or fades, in order.
std::vector<ComposedRun> altered(const Plan& plan, const Scene& scene) {
  std::vector<ComposedRun> found;
  const auto& tile = scene.tiles.front();
  const auto [first, end] = scene.frames;
  if (tile.fade_in > 0) found.push_back({{first, std::min(end, first + tile.fade_in)}, "it fades"});
  if (tile.fade_out > 0) found.push_back({{std::max(first, end - tile.fade_out), end}, "it fades"});
  for (const auto& o : plan.overlays) {
    const FrameRange drawn{std::max(first, o.frames.first), std::min(end, o.frames.end)};
    if (!drawn.empty()) found.push_back({drawn, "something is drawn over it"});
  }
  std::stable_sort(found.begin(), found.end(), [](const ComposedRun& a, const ComposedRun& b) {
    return a.frames.first < b.frames.first;
  });
  return found;
}

class PicturePlanner {
 public:
  PicturePlanner(const Plan& plan, const MediaMap& media) : plan_{plan}, media_{media} {}

  PicturePlan make() {
    for (const auto& scene : plan_.scenes) add(scene);
    end_stretch();
    return std::move(made_);
  }

 private:
  void add(const Scene& scene) {
    auto why = changed(plan_, scene);
    if (why.empty()) why = unsuitable(plan_, media_, clip_of(scene.tiles.front()));
    if (!why.empty()) return compose(scene.frames, why);
    auto next = scene.frames.first;
    for (const auto& part : altered(plan_, scene)) {
      extend(scene.tiles.front(), {next, part.frames.first});
      compose({std::max(next, part.frames.first), part.frames.end}, part.why);
      next = std::max(next, part.frames.end);
    }
    extend(scene.tiles.front(), {next, scene.frames.end});
  }

  const PlannedClip& clip_of(const SceneTile& tile) const {
    return plan_.tracks[tile.track].clips[tile.clip];
  }

  void extend(const SceneTile& tile, FrameRange frames) {
    if (frames.empty()) return;
    if (stretch_.frames.end == frames.first && !stretch_.frames.empty() &&
        stretch_.track == tile.track && stretch_.clip == tile.clip) {
      stretch_.frames.end = frames.end;
      return;
    }
    end_stretch();
    stretch_ = {frames, tile.track, tile.clip};
  }

  void end_stretch() {
    const auto frames = std::exchange(stretch_.frames, {});
    if (frames.empty()) return;
    const auto& clip = plan_.tracks[stretch_.track].clips[stretch_.clip];
    const auto& video = *media_.find(clip.asset)->second.coded;
    const auto ranked = ranked_.try_emplace(clip.asset, video).first;
    StretchCopier{ranked->second, plan_.grid, clip.asset, made_}.copy(frames, clip.in - clip.start);
  }

  void compose(FrameRange frames, const std::string& why) {
    if (frames.empty()) return;
    end_stretch();
    auto* last = made_.composed.empty() ? nullptr : &made_.composed.back();
    if (last && last->why == why && last->frames.end == frames.first)
      last->frames.end = frames.end;
    else
      made_.composed.push_back({frames, why});
  }

  const Plan& plan_;
  const MediaMap& media_;
  PicturePlan made_;
  Stretch stretch_;
  std::map<std::string, Ranked> ranked_;  // by asset
};

}  // namespace

PicturePlan copy_stretch(const CodedVideo& video, const FrameGrid& grid, FrameRange frames,
                         Nanoseconds offset, const std::string& asset) {
  PicturePlan made;
  const Ranked ranked{video};
  StretchCopier{ranked, grid, asset, made}.copy(frames, offset);
  return made;
}

PicturePlan plan_pictures(const Plan& plan, const MediaMap& media) {
  return PicturePlanner{plan, media}.make();
}

const CopiedRun* run_at(const PicturePlan& pictures, std::int64_t frame) {
  const auto after =
      std::upper_bound(pictures.copied.begin(), pictures.copied.end(), frame,
                       [](std::int64_t at, const CopiedRun& run) { return at < run.frames.first; });
  if (after == pictures.copied.begin()) return nullptr;
  const auto& run = *std::prev(after);
  return run.frames.contains(frame) ? &run : nullptr;
}

std::string composed_because(const PicturePlan& pictures, FrameRange frames) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& run : pictures.composed) {
    const auto common =
        std::min(run.frames.end, frames.end) - std::max(run.frames.first, frames.first);
    if (common > 0) counts[run.why] += common;
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? std::string{} : most->first;
}

}  // namespace rostrum
