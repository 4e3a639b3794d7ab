// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/contact_page.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

constexpr Size kPicture{320, 180};

// `lengths` in frames at 25 a second.
Plan plan_of(const std::vector<std::int64_t>& lengths) {
  Plan plan;
  plan.canvas = {1280, 720};
  for (const auto length : lengths) {
    plan.scenes.push_back({{plan.frames.end, plan.frames.end + length}, {}, {}});
    plan.frames.end += length;
  }
  return plan;
}

bool apart(const ContactCell& a, const ContactCell& b, Size cell) {
  return std::abs(a.x - b.x) >= cell.width || std::abs(a.y - b.y) >= cell.height;
}

TEST(ContactPage, HoldsEverySceneOnceWithinItsEdges) {
  for (const Size picture : {kPicture, Size{180, 320}, Size{320, 240}, Size{16, 16}})
    for (std::size_t n = 1; n <= 200; n = n * 5 / 4 + 1) {
      const auto page = contact_page(plan_of(std::vector<std::int64_t>(n, 50)), picture);
      ASSERT_EQ(page.cells.size(), n);
      EXPECT_EQ(page.left_out, 0U);
      EXPECT_LE(page.size.width, kWidestContactPage);
      EXPECT_LE(page.size.height, kHighestContactPage);
      EXPECT_GE(page.cell.width, picture.width);
      for (std::size_t i = 0; i < n; ++i) {
        const auto& c = page.cells[i];
        EXPECT_EQ(c.scene, i);
        EXPECT_GE(c.x, kContactMargin);
        EXPECT_GE(c.y, kContactMargin + kContactHeader);
        EXPECT_LE(c.x + page.cell.width, page.size.width - kContactMargin);
        EXPECT_LE(c.y + page.cell.height, page.size.height - kContactMargin);
        for (std::size_t k = 0; k < i; ++k) EXPECT_TRUE(apart(c, page.cells[k], page.cell));
      }
    }
}

TEST(ContactPage, IsAboutFourByThreeUntilItIsAsWideAsItGets) {
  const auto width_of = [](std::size_t scenes) {
    return contact_page(plan_of(std::vector<std::int64_t>(scenes, 50)), kPicture).size.width;
  };
  EXPECT_EQ(width_of(1), 712);  // two columns: room for the title
  EXPECT_EQ(width_of(9), 1384);
  EXPECT_EQ(width_of(40), 2392);
  EXPECT_EQ(width_of(400), width_of(40));
}

TEST(ContactPage, KeepsTheLongestScenesWhereNotAllHaveRoom) {
  std::vector<std::int64_t> lengths(5000, 50);
  lengths[7] = 49;
  for (const std::size_t i : {3U, 2000U, 4999U}) lengths[i] = 51;
  const auto page = contact_page(plan_of(lengths), kPicture);
  EXPECT_EQ(page.cells.size() + page.left_out, 5000U);
  EXPECT_GT(page.cells.size(), 100U);
  EXPECT_LE(page.size.height, kHighestContactPage);
  EXPECT_EQ(page.cells.back().scene, 4999U);
  EXPECT_EQ(page.cells[page.cells.size() - 2].scene, 2000U);
  EXPECT_EQ(page.cells[6].scene, 6U);
  EXPECT_EQ(page.cells[7].scene, 8U) << "the shortest of all is left out";
}

TEST(ContactFrame, IsASecondIntoTheSceneOrItsMiddle) {
  const auto plan = plan_of({1, 2, 49, 51, 1000});
  const std::int64_t expected[] = {0, 2, 3 + 24, 52 + 25, 103 + 25};
  for (std::size_t i = 0; i < plan.scenes.size(); ++i)
    EXPECT_EQ(contact_frame(plan, plan.scenes[i]), expected[i]) << i;
}

TEST(ContactLines, MakeTheLongerSide320AndNothingLarger) {
  const struct {
    Size canvas;
    int lines;
  } table[] = {{{1280, 720}, 180}, {{1080, 1920}, 320}, {{1024, 768}, 240},
               {{160, 90}, 90},    {{3840, 160}, 12},   {{3840, 2}, 2}};
  for (const auto& row : table) EXPECT_EQ(contact_lines(row.canvas), row.lines);
}

TEST(ContactLines, AreTheCanvasOfThePlanThatIsDrawn) {
  Manifest manifest;
  manifest.duration = 1s;
  manifest.assets = {{"a", "a.mp4", {}, {}}};
  Clip clip;
  clip.asset = "a";
  manifest.tracks = {{"a", TrackKind::camera, "", {clip}}};
  MediaInfo medium;
  medium.video = VideoInfo{640, 360, {25, 1}};
  medium.duration = 1s;
  const auto canvas = [&](Size size, PlanOptions options) {
    manifest.canvas.width = size.width;
    manifest.canvas.height = size.height;
    return make_plan(manifest, {{"a", medium}}, options)->canvas;
  };
  EXPECT_EQ(canvas({1280, 720}, {.lines = 180}), (Size{320, 180}));
  EXPECT_EQ(canvas({1080, 1920}, {.lines = 320}), (Size{180, 320}));
  EXPECT_EQ(canvas({1280, 720}, {.draft = true, .lines = 180}), (Size{320, 180}));
  EXPECT_EQ(canvas({160, 90}, {.lines = 180}), (Size{160, 90})) << "never enlarged";
}

TEST(NamesSeen, HasTheStageFirst) {
  Plan plan;
  plan.people = {{"anna", "Anna", Role::presenter}, {"boris", "", Role::participant}};
  plan.tracks = {{"c1", TrackKind::camera, "anna", {}}, {"c2", TrackKind::camera, "boris", {}},
                 {"room", TrackKind::camera, "", {}},   {"s1", TrackKind::screen, "anna", {}},
                 {"s2", TrackKind::screen, "", {}},     {"deck", TrackKind::slides, "", {}}};
  const auto names = [&](const std::vector<std::size_t>& tracks) {
    Scene scene;
    for (const auto track : tracks) scene.tiles.push_back({track, 0, {}, 0});
    return names_seen(plan, scene);
  };
  EXPECT_EQ(names({}), "nobody");
  EXPECT_EQ(names({0, 1, 2}), "Anna, boris, room");
  EXPECT_EQ(names({1, 5, 0}), "slide · boris, Anna");
  EXPECT_EQ(names({3}), "screen of Anna");
  EXPECT_EQ(names({4, 0}), "screen · Anna");
}

TEST(NamesSeen, AreThoseOfPeopleWithoutACamera) {
  Plan plan;
  plan.people = {{"anna", "Anna", Role::presenter}, {"boris", "", Role::participant}};
  plan.tracks = {{"m1", TrackKind::microphone, "anna", {}},
                 {"m2", TrackKind::microphone, "boris", {}},
                 {"deck", TrackKind::slides, "", {}}};
  Scene scene;
  for (const std::size_t track : {2U, 0U, 1U}) {
    scene.tiles.push_back({track, 0, {}, 0});
    scene.tiles.back().card = track != 2;
  }
  EXPECT_EQ(names_seen(plan, scene), "slide · Anna, boris");
}

TEST(NamesSeen, OfATitleCardSaySo) {
  auto plan = plan_of({50, 50, 50});
  Overlay card;
  card.kind = OverlayKind::card;
  card.frames = {50, 100};
  plan.overlays = {card};
  EXPECT_EQ(names_seen(plan, plan.scenes[0]), "nobody");
  EXPECT_EQ(names_seen(plan, plan.scenes[1]), "title card");
  EXPECT_EQ(names_seen(plan, plan.scenes[2]), "nobody");
}

TEST(ShowsSomething, UnlessAllOfItIsBackground) {
  const auto empty = plan_of({50, 50});
  EXPECT_FALSE(shows_something(empty));
  auto plan = empty;
  plan.scenes[1].tiles.push_back({});
  EXPECT_TRUE(shows_something(plan));
  plan = empty;
  plan.scenes[1].backdrops.push_back({});
  EXPECT_TRUE(shows_something(plan));
  plan = empty;
  plan.overlays.push_back({});
  EXPECT_TRUE(shows_something(plan));
}

TEST(ContactText, SaysTimesAndLengths) {
  EXPECT_EQ(clock_text(0s), "0:00:00");
  EXPECT_EQ(clock_text(3754s + 999ms), "1:02:34");
  EXPECT_EQ(clock_text(36000s), "10:00:00");
  EXPECT_EQ(length_text(40ms), "0.04 s");
  EXPECT_EQ(length_text(9s + 900ms), "9.9 s");
  EXPECT_EQ(length_text(59s), "59 s");
  EXPECT_EQ(length_text(185s), "3 min 05 s");
  EXPECT_EQ(length_text(3725s), "1 h 02 min");
}

}  // namespace
}  // namespace rostrum
