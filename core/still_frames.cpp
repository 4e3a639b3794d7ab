// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/still_frames.h"

#include "core/chunks.h"
#include "core/renditions.h"

#include <algorithm>
#include <set>

namespace rostrum {

namespace {

// Nothing of it moves but when it fades.
bool has_video(const Plan& plan, const Scene& scene) {
  return std::any_of(scene.tiles.begin(), scene.tiles.end(), [&](const SceneTile& tile) {
    const auto& track = plan.tracks[tile.track];
    return !tile.card && track.kind != TrackKind::slides && !track.clips[tile.clip].still;
  });
}

// Without the frames in which a tile fades.
FrameRange resting_part(const Scene& scene) {
  auto frames = scene.frames;
  for (const auto& tile : scene.tiles) {
    frames.first = std::max(frames.first, scene.frames.first + tile.fade_in);
    frames.end = std::min(frames.end, scene.frames.end - tile.fade_out);
  }
  return frames;
}

FrameRange frames_of(const Piece& piece, const FrameGrid& grid) {
  return {grid.first_at(piece.start), grid.first_at(piece.start + piece.duration)};
}

// Which of the frames the film has reached with that one, counted from the slice's first.
class Gathering {
 public:
  Gathering(const Slice& slice, const std::vector<std::int64_t>& frames)
      : grid_{slice.grid}, first_{slice.frames.first}, frames_{frames} {}

  std::int64_t place(std::int64_t frame) const {
    return first_ + (std::lower_bound(frames_.begin(), frames_.end(), frame) - frames_.begin());
  }
  FrameRange place(FrameRange frames) const { return {place(frames.first), place(frames.end)}; }
  void place(Piece& piece) const {
    const auto frames = place(frames_of(piece, grid_));
    piece.start = grid_.start(frames.first);
    piece.duration = grid_.start(frames.end) - piece.start;
  }

 private:
  const FrameGrid& grid_;
  const std::int64_t first_;
  const std::vector<std::int64_t>& frames_;
};

}  // namespace

std::vector<FrameRange> still_runs(const Plan& plan) {
  std::vector<FrameRange> runs;
  for (const auto& scene : plan.scenes) {
    const auto part = resting_part(scene);
    if (part.empty() || has_video(plan, scene)) continue;
    if (!runs.empty() && runs.back().end == part.first)
      runs.back().end = part.end;
    else
      runs.push_back(part);
  }
  const auto least = plan.grid.frames(kShortestStillRun);
  std::erase_if(runs, [least](FrameRange run) { return run.count() < least; });
  return runs;
}

bool is_in(const std::vector<FrameRange>& runs, std::int64_t frame) {
  const auto after =
      std::upper_bound(runs.begin(), runs.end(), frame,
                       [](std::int64_t at, const FrameRange& run) { return at < run.first; });
  return after != runs.begin() && std::prev(after)->contains(frame);
}

bool stands_still(const Slice& slice) {
  return !slice.copied && std::all_of(slice.slots.begin(), slice.slots.end(), [](const Slot& slot) {
    return slot.slides && slot.opacities.empty();
  });
}

std::vector<std::int64_t> picture_changes(const Slice& slice) {
  std::set<std::int64_t> found{slice.frames.first};
  const auto add = [&](FrameRange frames) {
    for (const auto frame : {frames.first, frames.end})
      if (slice.frames.contains(frame)) found.insert(frame);
  };
  for (const auto& slot : slice.slots) {
    for (const auto& piece : slot.pieces) add(frames_of(piece, slice.grid));
    for (const auto& placement : slot.placements) add({placement.frame, placement.frame});
  }
  for (const auto& overlay : slice.overlays) add(overlay.frames);
  return {found.begin(), found.end()};
}

std::vector<std::int64_t> composed_frames(const Slice& slice) {
  return stands_still(slice) ? picture_changes(slice) : std::vector<std::int64_t>{};
}

std::vector<std::int64_t> coded_frames(const Slice& slice, bool renditions) {
  const auto& frames = slice.frames;
  const auto step = slice.still ? std::max<std::int64_t>(1, slice.grid.frames(kStillStep)) : 1;
  std::set<std::int64_t> found;
  for (auto n = frames.first; n < frames.end; n += step) found.insert(n);
  if (!slice.still) return {found.begin(), found.end()};
  for (std::int64_t i = 0; i < std::min(kStillEdge, frames.count()); ++i)
    found.insert({frames.first + i, frames.end - 1 - i});
  for (const auto change : picture_changes(slice)) found.insert(change);
  if (renditions)
    for (const auto key : key_frames(slice.grid, frames)) found.insert(key);
  return {found.begin(), found.end()};
}

std::vector<std::int64_t> held_frames(const Slice& slice, bool renditions) {
  if (!slice.still) return {};
  auto frames = coded_frames(slice, renditions);
  for (auto& frame : frames) frame -= slice.frames.first;
  return frames;
}

std::vector<std::int64_t> coded_frames(const Plan& plan, FrameRange chunk) {
  return coded_frames(make_chunk_slice(plan, chunk), !plan.renditions.empty());
}

std::vector<std::int64_t> coded_frames(const Plan& plan) {
  std::vector<std::int64_t> all;
  for (const auto& chunk : cut_chunks(plan)) {
    if (is_in(plan.stills, chunk.first)) {
      const auto coded = coded_frames(plan, chunk);
      all.insert(all.end(), coded.begin(), coded.end());
    } else {
      for (auto n = chunk.first; n < chunk.end; ++n) all.push_back(n);
    }
  }
  return all;
}

Slice gathered(const Slice& slice, const std::vector<std::int64_t>& frames) {
  const Gathering gathering{slice, frames};
  auto result = slice;
  result.still = false;
  result.frames.end = slice.frames.first + static_cast<std::int64_t>(frames.size());
  for (auto& slot : result.slots) {
    for (auto& piece : slot.pieces) gathering.place(piece);
    std::erase_if(slot.pieces, [](const Piece& piece) { return piece.duration <= 0ns; });
    for (auto& placement : slot.placements) placement.frame = gathering.place(placement.frame);
  }
  for (auto& overlay : result.overlays) overlay.frames = gathering.place(overlay.frames);
  std::erase_if(result.overlays, [](const Overlay& o) { return o.frames.empty(); });
  return result;
}

Interval spread(Interval when, const Slice& slice, const std::vector<std::int64_t>& frames) {
  const auto place = [&](Nanoseconds t) {
    const auto k = slice.grid.first_at(t) - slice.frames.first;
    if (k < 0) return t;
    return slice.grid.start(k < std::ssize(frames) ? frames[static_cast<std::size_t>(k)]
                                                   : slice.frames.end);
  };
  return {place(when.from), place(when.to)};
}

}  // namespace rostrum
