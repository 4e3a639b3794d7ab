// SPDX-License-Identifier: LGPL-2.1-or-later
// Policy custom, and the scenes that the user sets.
#include "core/plan.h"
#include "core/slice.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

constexpr Size kHd{1280, 720};

CanvasLength px(int value) { return {static_cast<double>(value), false}; }
CanvasLength percent(double value) { return {value, true}; }

CustomPlace place(PlaceRole role, CanvasLength x, CanvasLength y, CanvasLength w, CanvasLength h) {
  CustomPlace p;
  p.role = role;
  p.x = x, p.y = y, p.width = w, p.height = h;
  return p;
}

LayoutSource camera(const char* person, bool presenter = false, Size size = {640, 360}) {
  LayoutSource s;
  s.person = person;
  s.presenter = presenter;
  s.size = size;
  return s;
}

LayoutSource screen() {
  LayoutSource s;
  s.kind = TrackKind::screen;
  s.size = {1920, 1080};
  return s;
}

std::vector<Tile> tiles(const CustomLayout& layout, const std::vector<LayoutSource>& sources,
                        std::optional<std::size_t> speaker = {}, Size canvas = kHd,
                        Size declared = {}) {
  return arrange({.policy = Policy::custom,
                  .canvas = canvas,
                  .speaker = speaker,
                  .custom = layout,
                  .declared = declared},
                 sources)
      .tiles;
}

TEST(Custom, PutsEachRoleIntoItsRectangle) {
  const CustomLayout layout{place(PlaceRole::stage, px(0), px(0), px(960), px(720)),
                            place(PlaceRole::speaker, percent(75), px(0), percent(25), percent(25)),
                            place(PlaceRole::presenter, px(960), px(360), px(320), px(180))};
  EXPECT_EQ(tiles(layout, {camera("a", true), camera("b"), screen()}, 1),
            (std::vector<Tile>{
                {2, {0, 90, 960, 540}}, {1, {960, 0, 320, 180}}, {0, {960, 360, 320, 180}}}));
}

TEST(Custom, ShowsEverySourceOnce) {
  const CustomLayout layout{place(PlaceRole::speaker, px(0), px(0), px(640), px(360)),
                            place(PlaceRole::presenter, px(640), px(0), px(640), px(360))};
  EXPECT_EQ(tiles(layout, {camera("a", true), camera("b")}, 0),
            (std::vector<Tile>{{0, {0, 0, 640, 360}}}))
      << "the presenter speaks";
}

TEST(Custom, GivesTheOthersWhatIsLeftOver) {
  auto anna = place(PlaceRole::person, px(0), px(0), px(640), px(720));
  anna.person = "anna";
  // the others come first in the list, and yet get only whom no other place asks for
  const CustomLayout layout{place(PlaceRole::others, px(640), px(0), px(640), px(720)), anna};
  EXPECT_EQ(tiles(layout, {camera("boris"), camera("anna"), camera("clara")}),
            (std::vector<Tile>{
                {1, {0, 180, 640, 360}}, {0, {640, 0, 640, 360}}, {2, {640, 360, 640, 360}}}));
}

TEST(Custom, LeavesAPlaceEmptyWithoutItsSource) {
  EXPECT_TRUE(
      tiles({place(PlaceRole::stage, px(0), px(0), px(960), px(720))}, {camera("a")}).empty());
}

TEST(Custom, CoversOrStretchesWhereAsked) {
  auto whole = place(PlaceRole::speaker, px(100), px(100), px(300), px(300));
  for (const auto how : {Fit::cover, Fit::stretch}) {
    whole.fit = how;
    EXPECT_EQ(tiles({whole}, {camera("a")}),
              (std::vector<Tile>{{0, {100, 100, 300, 300}, 0, how}}));
  }
}

TEST(Custom, GivesATileItsEdge) {
  auto speaker = place(PlaceRole::speaker, px(0), px(0), px(640), px(360));
  speaker.edge = {16, 4, 0xff0000};
  auto others = place(PlaceRole::others, px(640), px(0), px(640), px(720));
  others.edge = {0, 2, 0x00ff00};
  const auto found = tiles({speaker, others}, {camera("a"), camera("b"), camera("c")});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].edge, speaker.edge);
  EXPECT_EQ(found[1].edge, others.edge);
  EXPECT_EQ(found[2].edge, others.edge);
  EXPECT_EQ(tiles({speaker}, {camera("a")}, {}, {640, 360}, kHd)[0].edge,
            (TileEdge{8, 2, 0xff0000}))
      << "in a draft";
}

TEST(Custom, CannotRoundCornersOverAnotherPlace) {
  auto upper = place(PlaceRole::speaker, px(0), px(0), px(100), px(100));
  upper.z = 1;
  upper.edge.radius = 8;
  const auto lower = place(PlaceRole::stage, px(99), px(0), px(100), px(100));
  const auto found = misplaced({upper, lower}, kHd);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].index, 0U);
  EXPECT_EQ(found[0].key, "radius");
}

// The keys of the lower place that a place above it makes impossible.
std::vector<std::string> edge_problems(TileEdge edge, const CustomPlace& upper) {
  auto lower = place(PlaceRole::stage, px(100), px(100), px(400), px(200));
  lower.edge = edge;
  std::vector<std::string> found;
  for (const auto& m : misplaced({lower, upper}, kHd)) {
    EXPECT_EQ(m.index, 0U);
    EXPECT_NE(m.why.find("place 1"), std::string::npos) << m.why;
    EXPECT_NE(m.why.find("leave the " + m.key + " out"), std::string::npos) << m.why;
    found.push_back(m.key);
  }
  return found;
}

TEST(Custom, CannotDrawAnEdgeOverAPlaceThatLiesAbove) {
  using Keys = std::vector<std::string>;
  const struct {
    int x, y, width, height;
    Keys border, radius;  // of 4 pixels, and of 20
  } table[] = {
      {104, 104, 392, 192, {}, {"radius"}},
      {120, 104, 360, 192, {}, {}},
      {104, 120, 392, 160, {}, {}},
      {103, 140, 50, 50, {"border"}, {}},
      {140, 103, 50, 50, {"border"}, {}},
      {140, 140, 357, 50, {"border"}, {}},
      {140, 140, 50, 157, {"border"}, {}},
      {479, 104, 10, 16, {}, {"radius"}},
      {480, 120, 10, 160, {}, {}},
      {481, 281, 10, 10, {}, {"radius"}},
      {0, 0, 101, 101, {"border"}, {"radius"}},
      {0, 0, 1280, 720, {"border"}, {"radius"}},
      {500, 100, 100, 200, {}, {}},
      {100, 0, 400, 100, {}, {}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(std::to_string(row.x) + "," + std::to_string(row.y) + " " +
                 std::to_string(row.width) + "x" + std::to_string(row.height));
    auto upper = place(PlaceRole::speaker, px(row.x), px(row.y), px(row.width), px(row.height));
    upper.z = 1;
    EXPECT_EQ(edge_problems({0, 4, 0}, upper), row.border);
    EXPECT_EQ(edge_problems({20, 0, 0}, upper), row.radius);
    EXPECT_EQ(edge_problems({}, upper), Keys{});
  }
}

TEST(Custom, AnEdgeIsAtMostHalfATileWide) {
  auto upper = place(PlaceRole::speaker, px(198), px(198), px(4), px(4));
  upper.z = 1;
  EXPECT_EQ(edge_problems({1000, 100, 0}, upper), (std::vector<std::string>{"border", "radius"}));
  upper.x = px(300);
  EXPECT_EQ(edge_problems({1000, 0, 0}, upper), std::vector<std::string>{});
}

TEST(Custom, KeepsItsProportionsInADraft) {
  const CustomLayout layout{place(PlaceRole::speaker, px(640), px(360), px(640), px(360))};
  EXPECT_EQ(tiles(layout, {camera("a")}, {}, {640, 360}, kHd),
            (std::vector<Tile>{{0, {320, 180, 320, 180}}}));
}

TEST(Custom, PlacesOfOneHeightAreStackedInTheirOrder) {
  // each lies over the one before it, whichever source comes first
  CustomLayout layout{place(PlaceRole::speaker, px(0), px(0), px(640), px(360)),
                      place(PlaceRole::presenter, px(320), px(180), px(640), px(360)),
                      place(PlaceRole::stage, px(960), px(540), px(320), px(180)),
                      place(PlaceRole::others, px(600), px(300), px(100), px(100))};
  layout[3].z = 1;
  const auto z = [](const std::vector<Tile>& found) {
    std::vector<std::pair<std::size_t, int>> pairs;
    for (const auto& t : found) pairs.emplace_back(t.source, t.z);
    return pairs;
  };
  using Pairs = std::vector<std::pair<std::size_t, int>>;
  EXPECT_EQ(z(tiles(layout, {camera("a", true), camera("b"), screen(), camera("c")}, 1)),
            (Pairs{{1, 0}, {0, 1}, {2, 0}, {3, 2}}));
  EXPECT_EQ(z(tiles(layout, {camera("b"), camera("a", true), screen(), camera("c")}, 0)),
            (Pairs{{0, 0}, {1, 1}, {2, 0}, {3, 2}}));
}

TEST(Custom, PlacesThatTouchInPercentTouchInPixels) {
  const Size canvas{1366, 768};
  for (const double at : {12.5, 33.3, 37.5, 62.3}) {
    const auto left = place_rect(
        place(PlaceRole::stage, percent(3.3), px(0), percent(at - 3.3), percent(100)), canvas);
    const auto right = place_rect(
        place(PlaceRole::stage, percent(at), px(0), percent(100 - at), percent(100)), canvas);
    EXPECT_EQ(left.x + left.width, right.x) << at;
    EXPECT_EQ(right.x + right.width, 1366) << at;
  }
}

TEST(Custom, MustLieWithinTheCanvas) {
  const CustomLayout layout{place(PlaceRole::speaker, px(641), px(0), px(640), px(360)),
                            place(PlaceRole::speaker, px(0), px(0), px(1280), px(720)),
                            place(PlaceRole::speaker, px(0), percent(50), px(10), percent(50.1)),
                            place(PlaceRole::speaker, px(0), px(0), px(0), px(10))};
  std::vector<std::size_t> found;
  for (const auto& m : misplaced(layout, kHd)) found.push_back(m.index);
  EXPECT_EQ(found, (std::vector<std::size_t>{0, 2, 3}));
}

MediaInfo medium(bool video) {
  MediaInfo info;
  info.path = "x";
  if (video) info.video = VideoInfo{640, 360, {25, 1}};
  info.audio = AudioInfo{48000, 1};
  info.duration = 60s;
  return info;
}

Clip clip(const char* asset) {
  Clip c;
  c.asset = asset;
  return c;
}

// Anna, who presents, and Boris, and Anna's screen; a minute.
struct Meeting {
  Manifest manifest;
  MediaMap media{{"a", medium(true)}, {"b", medium(true)}, {"s", medium(true)}};

  Meeting() {
    manifest.people = {{"anna", "Anna", Role::presenter}, {"boris", "Boris", Role::participant}};
    manifest.assets = {{"a", "a.mp4", {}, {}}, {"b", "b.mp4", {}, {}}, {"s", "s.mp4", {}, {}}};
    manifest.tracks = {{"anna", TrackKind::camera, "anna", {clip("a")}},
                       {"boris", TrackKind::camera, "boris", {clip("b")}},
                       {"screen", TrackKind::screen, "anna", {clip("s")}}};
    manifest.layout.policy = Policy::grid;
  }

  // The tracks in the order of their tiles.
  std::vector<std::string> seen(Nanoseconds t) const {
    const auto plan = make_plan(manifest, media, {});
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
    std::vector<std::string> found;
    if (!plan) return found;
    for (const auto& s : plan->scenes)
      if (s.frames.contains(plan->grid.first_at(t)))
        for (const auto& tile : s.tiles) found.push_back(plan->tracks[tile.track].id);
    return found;
  }
};

using Ids = std::vector<std::string>;

TEST(Scenes, RuleFromTheirStartToTheNext) {
  Meeting m;
  m.manifest.scenes = {{.start = 10s, .policy = Policy::single}, {.start = 20s}};
  EXPECT_EQ(m.seen(9960ms).size(), 3U);
  EXPECT_EQ(m.seen(10s), (Ids{"screen"}));
  EXPECT_EQ(m.seen(19960ms), (Ids{"screen"}));
  EXPECT_EQ(m.seen(20s).size(), 3U);
}

TEST(Scenes, NameTheSpeaker) {
  Meeting m;
  m.manifest.layout.policy = Policy::speaker;
  m.manifest.tracks.pop_back();
  m.manifest.scenes = {{.start = 10s, .speaker = "boris"}};
  EXPECT_EQ(m.seen(9s), (Ids{"anna"}));
  EXPECT_EQ(m.seen(10s), (Ids{"boris"}));
}

TEST(Scenes, ChooseWhoIsSeenAndOnStage) {
  Meeting m;
  m.manifest.scenes = {{.start = 0s, .people = Ids{"boris"}},
                       {.start = 10s, .people = Ids{"anna"}, .stage = ""},
                       {.start = 20s, .people = Ids{}, .stage = "screen"}};
  EXPECT_EQ(m.seen(5s), (Ids{"boris", "screen"}));
  EXPECT_EQ(m.seen(15s), (Ids{"anna"}));
  EXPECT_EQ(m.seen(25s), (Ids{"screen"}));
}

TEST(Scenes, PutPeopleIntoTheirOrder) {
  Meeting m;
  m.manifest.people[0].role = Role::participant;
  m.manifest.layout.policy = Policy::side_by_side;
  m.manifest.scenes = {{.start = 0s, .people = Ids{"anna", "boris"}, .stage = ""},
                       {.start = 10s, .people = Ids{"boris", "anna"}, .stage = ""}};
  const auto plan = make_plan(m.manifest, m.media, {});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->scenes.size(), 2U);
  for (const auto& tile : plan->scenes[0].tiles) EXPECT_EQ(tile.rect.x, tile.track == 0 ? 0 : 640);
  for (const auto& tile : plan->scenes[1].tiles) EXPECT_EQ(tile.rect.x, tile.track == 0 ? 640 : 0);
}

TEST(Scenes, OfACustomLayoutCarryHowThePictureFills) {
  Meeting m;
  auto anna = place(PlaceRole::person, px(0), px(0), px(300), px(300));
  anna.person = "anna";
  anna.fit = Fit::cover;
  m.manifest.scenes = {{.start = 0s, .policy = Policy::custom, .custom = {anna}}};
  const auto plan = make_plan(m.manifest, m.media, {});
  ASSERT_TRUE(plan);
  const auto slice = make_picture_slice(*plan, plan->frames);
  ASSERT_EQ(slice.slots.size(), 1U);
  EXPECT_EQ(slice.slots[0].pieces[0].fit, Fit::cover);
  EXPECT_EQ(slice.slots[0].pieces[0].size, (Size{300, 300}));
}

TEST(Scenes, OnAnAutomaticCanvasMustLieWithinIt) {
  Meeting m;
  m.manifest.canvas.automatic = true;  // 640x360
  m.manifest.layout.policy = Policy::custom;
  m.manifest.layout.custom = {place(PlaceRole::speaker, px(0), px(0), px(641), px(360))};
  m.manifest.scenes = {{.start = 0s,
                        .policy = Policy::custom,
                        .custom = {place(PlaceRole::speaker, px(0), px(0), px(9), px(361))}}};
  const auto plan = make_plan(m.manifest, m.media, {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, Kind::manifest);
  EXPECT_NE(plan.error().message.find("/layout/custom/0/rect: lies partly outside"),
            std::string::npos)
      << plan.error().message;
  EXPECT_NE(plan.error().message.find("/scenes/0/layout/0/rect"), std::string::npos);
}

TEST(Scenes, ThatTakeTheCustomLayoutRepeatNoneOfItsProblems) {
  Meeting m;
  m.manifest.canvas.automatic = true;  // 640x360
  m.manifest.layout.policy = Policy::custom;
  m.manifest.layout.custom = {place(PlaceRole::speaker, px(0), px(0), px(641), px(360))};
  for (int i = 0; i < 10'000; ++i)
    m.manifest.scenes.push_back(
        {.start = i * 1ms, .policy = Policy::custom, .custom = m.manifest.layout.custom});
  const auto plan = make_plan(m.manifest, m.media, {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().message,
            "/layout/custom/0/rect: lies partly outside the canvas of 640x360");
}

}  // namespace
}  // namespace rostrum
