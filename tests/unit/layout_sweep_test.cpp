// SPDX-License-Identifier: LGPL-2.1-or-later
// What is true of every arrangement, over policies, canvases, numbers and shapes of cameras.
#include "core/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <set>
#include <string>

namespace rostrum {
namespace {

using Sources = std::vector<LayoutSource>;
using Check = std::function<void(const LayoutContext&, const Sources&, const Arrangement&)>;

constexpr Policy kPolicies[] = {Policy::webinar,      Policy::mtslinker, Policy::grid,
                                Policy::single,       Policy::speaker,   Policy::presenter,
                                Policy::side_by_side, Policy::stack};
constexpr Size kCanvases[] = {{1280, 720},  {640, 360},  {1920, 1080}, {1080, 1920},
                              {720, 730},   {1024, 768}, {854, 480},   {720, 720},
                              {2560, 1080}, {406, 720},  {160, 90},    {3840, 2160}};
constexpr Size kShapes[] = {{640, 360},  {360, 640}, {640, 480}, {333, 777},
                            {1919, 817}, {176, 144}, {2000, 100}};

LayoutSource camera(std::size_t index, std::size_t shape) {
  constexpr auto kCount = std::size(kShapes);
  const auto size = kShapes[shape < kCount ? shape : index % kCount];  // beyond: a mix of all
  return {.size = size,
          .has_sound = index % 3 != 0,
          .joined = std::chrono::seconds(100 - index),
          .present = std::chrono::seconds(index * 7 % 5)};
}

Sources make(std::size_t cameras, std::size_t shape, int stage, int presenter) {
  Sources sources;
  for (std::size_t i = 0; i < cameras; ++i) sources.push_back(camera(i, shape));
  if (presenter == 1 && cameras > 0) sources.front().presenter = true;
  if (presenter == 2 && cameras > 0) sources.back().presenter = true;
  if (stage >= 1) sources.push_back({.kind = TrackKind::slides, .size = {1280, 720}});
  if (stage >= 2) sources.push_back({.kind = TrackKind::screen, .size = {1366, 768}});
  if (stage == 3) sources.push_back({.kind = TrackKind::screen, .size = {500, 900}, .since = 5s});
  return sources;
}

void sweep(const Check& check) {
  for (const auto policy : kPolicies)
    for (const auto canvas : kCanvases)
      for (std::size_t cameras = 0; cameras <= 12; ++cameras)
        for (std::size_t shape = 0; shape <= std::size(kShapes); ++shape)
          for (int stage = 0; stage <= 3; ++stage)
            for (int presenter = 0; presenter <= 2; ++presenter) {
              const auto sources = make(cameras, shape, stage, presenter);
              LayoutContext context{.policy = policy, .canvas = canvas};
              if (presenter == 2 && cameras > 2) context.speaker = 1;
              check(context, sources, arrange(context, sources));
              if (::testing::Test::HasFailure()) {
                ADD_FAILURE() << "policy " << static_cast<int>(policy) << " canvas " << canvas.width
                              << "x" << canvas.height << " cameras " << cameras << " shape "
                              << shape << " stage " << stage << " presenter " << presenter;
                return;
              }
            }
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

TEST(EveryArrangement, IsEvenAndInsideTheCanvas) {
  sweep([](const LayoutContext& context, const Sources&, const Arrangement& arrangement) {
    std::vector<Rect> rects;
    for (const auto& tile : arrangement.tiles) rects.push_back(tile.rect);
    for (const auto& backdrop : arrangement.backdrops) rects.push_back(backdrop.rect);
    for (const auto& r : rects) {
      EXPECT_EQ((r.x | r.y | r.width | r.height) & 1, 0);
      EXPECT_GE(r.x, 0);
      EXPECT_GE(r.y, 0);
      EXPECT_GT(r.width, 0);
      EXPECT_GT(r.height, 0);
      EXPECT_LE(r.x + r.width, context.canvas.width);
      EXPECT_LE(r.y + r.height, context.canvas.height);
    }
  });
}

TEST(EveryArrangement, KeepsTheAspectToTheEvenGrid) {
  sweep([](const LayoutContext& context, const Sources& sources, const Arrangement& arrangement) {
    // The tool that mtslinker reproduces rounds twice: first the cell, then the picture in it.
    const double slack = context.policy == Policy::mtslinker ? 4.0 : 1.01;
    for (const auto& tile : arrangement.tiles) {
      const auto size = sources[tile.source].size;
      // Two pixels are the least there is.
      const double by_width = std::max(2.0, 1.0 * tile.rect.width * size.height / size.width);
      const double by_height = std::max(2.0, 1.0 * tile.rect.height * size.width / size.height);
      EXPECT_TRUE(std::abs(by_width - tile.rect.height) <= slack ||
                  std::abs(by_height - tile.rect.width) <= slack)
          << tile.rect.width << "x" << tile.rect.height;
    }
  });
}

TEST(EveryArrangement, ShowsNobodyTwiceAndNobodyOverAnother) {
  sweep([](const LayoutContext&, const Sources&, const Arrangement& arrangement) {
    const auto& tiles = arrangement.tiles;
    std::set<std::size_t> seen;
    for (std::size_t i = 0; i < tiles.size(); ++i) {
      EXPECT_TRUE(seen.insert(tiles[i].source).second) << tiles[i].source;
      for (std::size_t k = i + 1; k < tiles.size(); ++k)
        EXPECT_FALSE(tiles[i].z == tiles[k].z && overlap(tiles[i].rect, tiles[k].rect))
            << i << " and " << k;
    }
  });
}

TEST(EveryArrangement, ShowsSomebodyWhoeverIsThere) {
  sweep([](const LayoutContext&, const Sources& sources, const Arrangement& arrangement) {
    EXPECT_EQ(arrangement.tiles.empty(), sources.empty());
  });
}

bool shows(const Arrangement& arrangement, std::size_t source) {
  for (const auto& tile : arrangement.tiles)
    if (tile.source == source) return true;
  return false;
}

// The one who speaks is in the picture wherever there is more than the stage.
TEST(EveryArrangement, ShowsTheSpeaker) {
  constexpr Policy kOthers[] = {Policy::single, Policy::presenter, Policy::mtslinker};
  sweep([&](const LayoutContext& context, const Sources&, const Arrangement& arrangement) {
    const auto policy = context.policy;
    const bool other =
        std::find(std::begin(kOthers), std::end(kOthers), policy) != std::end(kOthers);
    EXPECT_TRUE(other || !context.speaker || shows(arrangement, *context.speaker));
  });
}

TEST(EveryArrangement, ShowsTheStage) {
  sweep([](const LayoutContext& context, const Sources& sources, const Arrangement& arrangement) {
    if (sources.empty() || sources.back().kind == TrackKind::camera) return;
    const auto stage = sources.size() - 1;  // make() puts the newest screen share last
    EXPECT_TRUE(shows(arrangement, stage)) << name_of(context.policy);
  });
}

TEST(EveryWebinarAndStack, ShowThePresenter) {
  sweep([](const LayoutContext& context, const Sources& sources, const Arrangement& arrangement) {
    if (context.policy != Policy::webinar && context.policy != Policy::stack) return;
    for (std::size_t i = 0; i < sources.size(); ++i)
      EXPECT_TRUE(!sources[i].presenter || shows(arrangement, i));
  });
}

TEST(EveryWebinar, HasNoCameraOverTheStage) {
  sweep([](const LayoutContext& context, const Sources& sources, const Arrangement& arrangement) {
    if (context.policy != Policy::webinar) return;
    bool stage = false;
    for (const auto& s : sources) stage = stage || s.kind != TrackKind::camera;
    for (const auto& tile : arrangement.tiles) EXPECT_TRUE(!stage || tile.z == 0);
  });
}

TEST(EveryGrid, HoldsEverybody) {
  sweep([](const LayoutContext& context, const Sources& sources, const Arrangement& arrangement) {
    EXPECT_TRUE(context.policy != Policy::grid || arrangement.tiles.size() == sources.size());
  });
}

}  // namespace
}  // namespace rostrum
