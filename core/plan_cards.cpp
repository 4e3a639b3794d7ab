// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_cards.h"

#include "core/manifest_graphics.h"

#include <algorithm>

namespace rostrum {

Result<std::vector<Stretch>> place_cards(const std::vector<Card>& cards, const FrameGrid& grid,
                                         FrameRange frames, Nanoseconds programme) {
  std::vector<Interval> times;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const auto& card = cards[i];
    Interval time{0ns, card.duration};
    if (card.place == CardPlace::end)
      time = {std::max(0ns, programme - card.duration), programme + 1s};  // to the last frame
    if (card.place == CardPlace::time) time = {card.at, card.at + card.duration};
    if (time.from >= programme)
      return fail(Kind::manifest,
                  "/cards/" + std::to_string(i) + "/at: " + outside_film(programme));
    times.push_back(time);
  }
  return lay_out(times, grid, frames);
}

void cover_scenes(Plan& plan, const std::vector<Card>& cards, const std::vector<Stretch>& placed) {
  std::vector<Scene> scenes;
  auto scene = plan.scenes.begin();
  for (const auto& stretch : placed) {
    if (stretch.item) {
      const Rect whole{0, 0, plan.canvas.width, plan.canvas.height};
      scenes.push_back({stretch.frames, {}, {{whole, cards[*stretch.item].background}}});
      continue;
    }
    while (scene != plan.scenes.end() && scene->frames.end <= stretch.frames.first) ++scene;
    for (auto at = scene; at != plan.scenes.end() && at->frames.first < stretch.frames.end; ++at) {
      scenes.push_back(*at);
      auto& frames = scenes.back().frames;
      frames = {std::max(frames.first, stretch.frames.first),
                std::min(frames.end, stretch.frames.end)};
    }
  }
  plan.scenes = std::move(scenes);
}

}  // namespace rostrum
