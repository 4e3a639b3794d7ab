// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_fades.h"

#include <algorithm>

namespace rostrum {

namespace {

// The same source in the same place, whichever of its clips plays.
bool stands_in(const Scene& scene, const SceneTile& tile) {
  return std::any_of(scene.tiles.begin(), scene.tiles.end(), [&](const SceneTile& t) {
    return t.track == tile.track && t.rect == tile.rect && t.z == tile.z && t.card == tile.card;
  });
}

}  // namespace

void fade_layouts(std::vector<Scene>& scenes, const FrameGrid& grid, Nanoseconds length) {
  const auto half = grid.frames(length / 2);
  for (std::size_t s = 1; s < scenes.size(); ++s) {
    auto& before = scenes[s - 1];
    auto& after = scenes[s];
    for (auto& tile : before.tiles)
      if (!stands_in(after, tile)) tile.fade_out = std::min(half, before.frames.count() / 2);
    for (auto& tile : after.tiles)
      if (!stands_in(before, tile)) tile.fade_in = std::min(half, after.frames.count() / 2);
  }
}

}  // namespace rostrum
