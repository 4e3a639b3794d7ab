// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/shots.h"

#include <algorithm>

namespace rostrum {

namespace {

std::int64_t area(const SceneTile& tile) {
  return std::int64_t{tile.rect.width} * tile.rect.height;
}

bool same_place(SceneTile a, SceneTile b) {
  a.fade_in = a.fade_out = b.fade_in = b.fade_out = 0;
  return a == b;
}

// Goes on with the shot, if the tile is what it showed up to here.
bool carry_on(Shot& shot, const SceneTile& tile, FrameRange frames) {
  const bool follows = shot.frames.end == frames.first && same_place(shot.tile, tile) &&
                       shot.tile.fade_out == 0 && tile.fade_in == 0;
  if (!follows) return false;
  shot.frames.end = frames.end;
  shot.tile.fade_out = tile.fade_out;
  return true;
}

const SceneTile* largest(const Scene& scene) {
  const SceneTile* found = nullptr;
  for (const auto& tile : scene.tiles)
    if (!tile.card && (!found || area(tile) > area(*found))) found = &tile;
  return found;
}

}  // namespace

std::vector<Shot> shots(const Plan& plan) {
  std::vector<Shot> all;
  std::vector<std::size_t> before;  // those of the scene before, by their indices
  for (const auto& scene : plan.scenes) {
    std::vector<std::size_t> now;
    for (const auto& tile : scene.tiles) {
      if (tile.card) continue;
      const auto same = std::find_if(before.begin(), before.end(), [&](std::size_t shot) {
        return carry_on(all[shot], tile, scene.frames);
      });
      now.push_back(same == before.end() ? all.size() : *same);
      if (same == before.end()) all.push_back({scene.frames, tile});
    }
    before = std::move(now);
  }
  return all;
}

std::vector<Shot> largest_shots(const Plan& plan) {
  std::vector<Shot> all;
  for (const auto& scene : plan.scenes) {
    const auto* tile = largest(scene);
    if (!tile) continue;
    auto wherever = *tile;  // that it moves is no cut
    wherever.rect = {};
    wherever.z = 0;
    if (all.empty() || !carry_on(all.back(), wherever, scene.frames))
      all.push_back({scene.frames, wherever});
  }
  return all;
}

std::int64_t source_frame(const Plan& plan, const PlannedClip& clip, std::int64_t frame) {
  const auto first = plan.grid.first_at(clip.start);
  const auto in = std::max(0ns, clip.in + plan.grid.start(first) - clip.start);
  return plan.grid.frames(in) + frame - first;
}

}  // namespace rostrum
