// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plan_overlays.h"

#include "core/initials.h"
#include "core/slice.h"
#include "small_meeting.h"

namespace rostrum {
namespace {

using namespace test;

TEST(Overlays, ThereAreNoneUnlessAskedFor) { EXPECT_TRUE(Meeting{}.plan().overlays.empty()); }

TEST(Labels, StandOnTheTileAsLongAsIt) {
  Meeting m;
  m.manifest.layout.labels = true;
  const auto plan = m.plan();
  const auto labels = of_kind(plan, OverlayKind::label);
  ASSERT_EQ(runs(labels), (std::vector<Drawn>{{"Anna A.", {50, 200}}}));
  EXPECT_EQ(labels[0].size, 30);
  EXPECT_EQ(labels[0].rect, (Rect{14, 658, 1252, 48}));
  EXPECT_EQ(plan.scenes.size(), Meeting{}.plan().scenes.size());  // no scene of its own
}

TEST(Labels, GoOnWhereOnlyAnotherTileChanges) {
  Meeting m;
  m.manifest.layout = {.policy = Policy::single, .labels = true, .cards = false};
  m.manifest.tracks.push_back({"deck", TrackKind::slides, "", {{"l", 3s, 0s, 1s, 1, {}, {}}}});
  m.manifest.tracks[0].kind = TrackKind::screen;
  m.manifest.tracks.push_back({"two", TrackKind::camera, "boris", {{"a", 3s, 0s, 1s, 1, {}, {}}}});
  const auto plan = m.plan();
  ASSERT_GT(plan.scenes.size(), 2U);
  EXPECT_EQ(runs(of_kind(plan, OverlayKind::label)), (std::vector<Drawn>{{"Anna A.", {50, 200}}}));
}

TEST(Labels, FitTheTileAndNoSmallTileHasOne) {
  const Size canvas{1280, 720};
  struct Case {
    Rect tile;
    int size;
  };
  for (const auto& [tile, size] :
       {Case{{0, 0, 1280, 720}, 30}, Case{{960, 0, 320, 180}, 15}, Case{{960, 180, 160, 90}, 12},
        Case{{2, 4, 96, 48}, 12}, Case{{0, 0, 94, 48}, 0}, Case{{0, 0, 96, 46}, 0}}) {
    const auto label = label_on(tile, canvas);
    EXPECT_EQ(label.size, size);
    if (size == 0) {
      EXPECT_EQ(label.rect, Rect{});
      continue;
    }
    EXPECT_GT(label.rect.x, tile.x);
    EXPECT_LT(label.rect.x + label.rect.width, tile.x + tile.width);
    EXPECT_GT(label.rect.y, tile.y);
    EXPECT_LT(label.rect.y + label.rect.height, tile.y + tile.height);
    for (const int side : {label.rect.x, label.rect.y, label.rect.width, label.rect.height})
      EXPECT_EQ(side % 2, 0);
  }
}

// A second with these tiles of one person, and what is drawn over them.
std::vector<Overlay> overlays_of(const std::vector<SceneTile>& tiles, const Manifest& manifest) {
  Plan plan;
  plan.canvas = {1280, 720};
  plan.grid = FrameGrid{{25, 1}};
  plan.frames = {0, 25};
  plan.people = {{"p", "Name", {}}};
  plan.tracks = {{"t", TrackKind::camera, "p", {PlannedClip{}}}};
  plan.scenes = {{{0, 25}, tiles, {}}};
  EXPECT_TRUE(add_graphics(plan, manifest, {}, 1s));
  return plan.overlays;
}

TEST(Labels, AreNotDrawnOverATileThatLiesAbove) {
  Manifest manifest;
  manifest.layout.labels = true;
  const SceneTile below{0, 0, {0, 0, 1280, 720}, 0};
  const auto labels_with = [&](Rect inset) {
    return overlays_of({{0, 0, inset, 1}, below}, manifest);
  };
  EXPECT_EQ(labels_with({944, 16, 320, 180}).size(), 2U);
  EXPECT_EQ(labels_with({0, 540, 320, 180}).size(), 1U);
  const auto cut = labels_with({800, 540, 320, 180});
  ASSERT_EQ(cut.size(), 2U);
  EXPECT_EQ(cut[1].rect.x + cut[1].rect.width, 786);
}

TEST(Names, OfWhoIsHeardStandWhereNothingIsSeen) {
  Meeting m;
  m.manifest.layout.labels = true;
  m.manifest.tracks[0].clips[0].hidden = {{2s, 8s}};
  const auto plan = m.plan();
  EXPECT_EQ(plan.scenes.size(), 1U);
  EXPECT_EQ(runs(of_kind(plan, OverlayKind::names)),
            (std::vector<Drawn>{{"борис б.", {25, 50}},
                                {"Anna A.\nборис б.", {50, 100}},
                                {"Anna A.", {100, 125}},
                                {"Anna A.\nборис б.", {125, 200}},
                                {"борис б.", {200, 225}}}));
}

TEST(Names, AreEightLinesAtMost) {
  Meeting m;
  m.manifest.layout.labels = true;
  const auto voice = m.manifest.tracks[1];
  m.manifest.tracks.clear();
  m.manifest.people.clear();
  for (int i = 0; i < 23; ++i) {
    const auto id = "p" + std::to_string(i);
    m.manifest.people.push_back({id, id, {}});
    m.manifest.tracks.push_back(voice);
    m.manifest.tracks.back().id = m.manifest.tracks.back().person = id;
  }
  const auto names = of_kind(m.plan(), OverlayKind::names);
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(names[0].text, "p0\np1\np2\np3\np4\np5\np6\n+16");
}

TEST(InitialsCard, StandsForWhoIsHeardWithoutACamera) {
  Meeting m;
  m.manifest.layout.cards = true;
  const auto plan = m.plan();
  EXPECT_EQ(runs(of_kind(plan, OverlayKind::initials)),
            (std::vector<Drawn>{{"ББ", {25, 50}}, {"ББ", {200, 225}}}));
  const auto& alone = scene_at(plan, 30).tiles;
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_TRUE(alone[0].card);
  EXPECT_EQ(alone[0].rect, (Rect{0, 0, 1280, 720}));
  const auto& both = scene_at(plan, 60).tiles;
  ASSERT_EQ(both.size(), 1U);  // the presenter fills the canvas, and speaks
  EXPECT_FALSE(both[0].card);
}

TEST(InitialsCard, IsAPlainPictureOfItsPersonsColour) {
  Meeting m;
  m.manifest.layout = {.policy = Policy::grid, .labels = false, .cards = true};
  const auto plan = m.plan();
  const auto& tiles = scene_at(plan, 60).tiles;
  ASSERT_EQ(tiles.size(), 2U);
  EXPECT_TRUE(tiles[1].card);
  EXPECT_EQ(tiles[1].rect.width * 9, tiles[1].rect.height * 16);
  int cards = 0;
  for (const auto& slot : slots(plan, {60, 61}))
    for (const auto& piece : slot.pieces) {
      EXPECT_NE(piece.asset, "b");
      cards += piece.color == card_color(1);
    }
  EXPECT_EQ(cards, 1);
  EXPECT_EQ(scene_at(plan, 110).tiles.size(), 1U);  // muted
}

TEST(InitialsCard, HasNoInitialsWhereATileLiesOverThem) {
  auto card = SceneTile{0, 0, {0, 0, 1280, 720}, 1};
  card.card = true;
  // 288 pixels per em: the letters lie within 720x316 in the middle
  const struct {
    Rect other;
    int z;
    bool drawn;
  } table[] = {{{944, 16, 320, 180}, 2, true}, {{280, 0, 720, 202}, 2, true},
               {{280, 0, 720, 204}, 2, false}, {{280, 0, 720, 204}, 0, true},
               {{1000, 0, 280, 720}, 2, true}, {{998, 0, 280, 720}, 2, false},
               {{0, 0, 1280, 720}, 2, false},  {{600, 300, 80, 80}, 1, false},
               {{0, 0, 280, 720}, 2, true},    {{0, 518, 1280, 202}, 2, true},
               {{0, 516, 1280, 204}, 2, false}};
  for (const auto& [other, z, drawn] : table)
    EXPECT_EQ(overlays_of({card, {0, 0, other, z}}, {}).size(), drawn ? 1U : 0U)
        << other.x << "," << other.y;
  EXPECT_EQ(overlays_of({{0, 0, {600, 300, 80, 80}, 1}, card}, {}).size(), 1U) << "it lies below";
}

TEST(Edges, AreNotDrawnOverATileThatLiesAbove) {
  auto below = SceneTile{0, 0, {160, 0, 960, 720}, 0};
  below.edge = {0, 4, 0xff0000};
  EXPECT_EQ(overlays_of({below, {0, 0, {164, 4, 952, 712}, 1}}, {}).size(), 1U);
  EXPECT_EQ(overlays_of({below, {0, 0, {1000, 500, 200, 100}, 1}}, {}).size(), 0U);
  EXPECT_EQ(overlays_of({{0, 0, {1000, 500, 200, 100}, 0}, below}, {}).size(), 1U);
  below.edge = {40, 0, 0};
  EXPECT_EQ(overlays_of({below, {0, 0, {200, 0, 880, 720}, 1}}, {}).size(), 1U);
  EXPECT_EQ(overlays_of({below, {0, 0, {198, 0, 880, 720}, 1}}, {}).size(), 0U);
}

TEST(InitialsCard, IsNotForWhoHasACameraOrOnlyPlaysASound) {
  Meeting m;
  m.manifest.layout = {.policy = Policy::grid, .labels = false, .cards = true};
  m.manifest.tracks[1].kind = TrackKind::audio;
  EXPECT_TRUE(of_kind(m.plan(), OverlayKind::initials).empty());
  m.manifest.tracks[1].kind = TrackKind::microphone;
  m.manifest.tracks[1].person = "anna";
  EXPECT_EQ(runs(of_kind(m.plan(), OverlayKind::initials)),
            (std::vector<Drawn>{{"AA", {25, 50}}, {"AA", {200, 225}}}));
}

TEST(InitialsCard, IsShownWhereASceneNamesThePerson) {
  Meeting m;
  m.manifest.layout.cards = true;
  LayoutScene rule;
  rule.people = {{"boris"}};
  m.manifest.scenes = {rule};
  const auto plan = m.plan();
  const auto& tiles = scene_at(plan, 60).tiles;
  ASSERT_EQ(tiles.size(), 1U);
  EXPECT_TRUE(tiles[0].card);
  EXPECT_EQ(tiles[0].rect, (Rect{0, 0, 1280, 720}));
}

TEST(InitialsCard, ACameraThatIsSwitchedOffLeavesOne) {
  Meeting m;
  m.manifest.layout = {.policy = Policy::grid, .labels = false, .cards = true};
  m.manifest.tracks.pop_back();
  m.manifest.tracks[0].clips[0].hidden = {{3s, 4s}};
  const auto plan = m.plan();
  EXPECT_EQ(runs(of_kind(plan, OverlayKind::initials)), (std::vector<Drawn>{{"AA", {75, 100}}}));
  EXPECT_EQ(scene_at(plan, 80).tiles.size(), 1U);
}

}  // namespace
}  // namespace rostrum
