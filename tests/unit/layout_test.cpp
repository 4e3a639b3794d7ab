// SPDX-License-Identifier: LGPL-2.1-or-later
// Tables of docs/layouts.md: who stands where.  layout_sweep_test.cpp holds what is true of every
// arrangement.
#include "core/layout.h"

#include <gtest/gtest.h>

#include <ostream>

namespace rostrum {

void PrintTo(const Rect& r, std::ostream* out) {
  *out << r.width << "x" << r.height << "+" << r.x << "+" << r.y;
}

void PrintTo(const Tile& t, std::ostream* out) {
  *out << "#" << t.source << " ";
  PrintTo(t.rect, out);
  *out << " z" << t.z;
}

namespace {

using Tiles = std::vector<Tile>;
using Sources = std::vector<LayoutSource>;

constexpr Size kHd{1280, 720};
constexpr Size kWide{640, 360};
constexpr Size kTall{360, 640};

LayoutSource camera(Size size = kWide) { return {.size = size, .has_sound = true}; }

LayoutSource presenter(Size size = kWide) {
  auto source = camera(size);
  source.presenter = true;
  return source;
}

LayoutSource screen(Nanoseconds since = 0s, Size size = {1920, 1080}) {
  return {.kind = TrackKind::screen, .size = size, .since = since};
}

LayoutSource slide(Size size = kHd) { return {.kind = TrackKind::slides, .size = size}; }

Sources with(Sources sources, std::size_t count, const LayoutSource& more) {
  sources.insert(sources.end(), count, more);
  return sources;
}

Tiles tiles(const Sources& sources, Size canvas = kHd, Policy policy = Policy::webinar) {
  return arrange({.policy = policy, .canvas = canvas}, sources).tiles;
}

TEST(Fit, IsTheLargestCentredEvenRectangleOfThePicture) {
  EXPECT_EQ(fit({1920, 1080}, {0, 0, 1280, 720}), (Rect{0, 0, 1280, 720}));
  EXPECT_EQ(fit({640, 480}, {0, 0, 1280, 720}), (Rect{160, 0, 960, 720}));
  EXPECT_EQ(fit({1920, 1080}, {0, 0, 960, 720}), (Rect{0, 90, 960, 540}));
  EXPECT_EQ(fit({360, 640}, {960, 0, 320, 320}), (Rect{1030, 0, 180, 320}));
  EXPECT_EQ(fit({333, 1000}, {0, 0, 100, 100}), (Rect{32, 0, 34, 100}));
  EXPECT_EQ(fit({10000, 1}, {0, 0, 640, 360}), (Rect{0, 178, 640, 2}));
}

TEST(Fit, StaysInsideABoxThatIsOdd) {
  EXPECT_EQ(fit({100, 100}, {1, 1, 9, 9}), (Rect{2, 2, 8, 8}));
  EXPECT_EQ(fit({100, 100}, {1, 1, 10, 8}), (Rect{2, 2, 6, 6}));
}

TEST(Fit, OfNothingHasNoArea) {
  EXPECT_EQ(fit({0, 100}, {0, 0, 100, 100}).width, 0);
  EXPECT_EQ(fit({100, 100}, {0, 0, 1, 100}).width, 0);
}

TEST(Fit, OfItsOwnResultIsThatResult) {
  for (int width = 90; width < 2000; width += 77)
    for (int height = 90; height < 2000; height += 61) {
      const auto once = fit({width, height}, {0, 0, 640, 360});
      EXPECT_EQ(fit({width, height}, once), once) << width << "x" << height;
    }
}

TEST(Webinar, WithoutAnybodyIsEmpty) {
  EXPECT_EQ(arrange({.canvas = kHd}, {}), Arrangement{});
  EXPECT_EQ(tiles({camera({0, 0})}), Tiles{}) << "no picture";
  EXPECT_EQ(tiles({{.kind = TrackKind::microphone, .size = kWide}}), Tiles{});
}

TEST(Webinar, TheStageAloneFillsTheCanvas) {
  EXPECT_EQ(tiles({slide()}), (Tiles{{0, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(tiles({slide({960, 720})}), (Tiles{{0, {160, 0, 960, 720}, 0}}));
  EXPECT_EQ(tiles({screen()}), (Tiles{{0, {0, 0, 1280, 720}, 0}}));
}

TEST(Webinar, TheNewestScreenIsTheStageElseTheSlide) {
  EXPECT_EQ(tiles({slide(), screen(3s), screen(9s), screen(5s)}),
            (Tiles{{2, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(tiles({screen(5s), screen(5s)}), (Tiles{{0, {0, 0, 1280, 720}, 0}}));
}

TEST(Webinar, CamerasStandInAColumnBesideTheStage) {
  EXPECT_EQ(tiles({camera(), slide()}),
            (Tiles{{1, {0, 90, 960, 540}, 0}, {0, {960, 0, 320, 180}, 0}}));
  EXPECT_EQ(
      tiles({camera({640, 480}), slide({960, 720}), camera(kTall)}),
      (Tiles{{1, {0, 0, 960, 720}, 0}, {0, {960, 0, 320, 240}, 0}, {2, {1030, 240, 180, 320}, 0}}));
}

TEST(Webinar, TheColumnStartsWithThePresenterThenByTimeOfJoining) {
  auto late = camera();
  late.joined = 50s;
  auto early = camera();
  early.joined = 10s;
  EXPECT_EQ(tiles({late, early, presenter(), screen()}), (Tiles{{3, {0, 90, 960, 540}, 0},
                                                                {2, {960, 0, 320, 180}, 0},
                                                                {1, {960, 180, 320, 180}, 0},
                                                                {0, {960, 360, 320, 180}, 0}}));
}

TEST(Webinar, WithoutAPresenterTheLongestPresentSpeaks) {
  auto shortly = camera();
  shortly.present = 5s;
  auto longest = camera();
  longest.present = 90s;
  longest.joined = 60s;
  const auto found = tiles({shortly, longest, longest, slide()});
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[1].source, 1U);
  EXPECT_EQ(found[2].source, 0U);
  EXPECT_EQ(found[3].source, 2U);
}

TEST(Webinar, ThePresenterIsInTheColumnWhoeverSpeaks) {
  auto sources = with({slide()}, 12, camera());
  sources.push_back(presenter());
  const auto found = arrange({.canvas = kHd, .speaker = 5}, sources).tiles;
  ASSERT_EQ(found.size(), 8U);
  EXPECT_EQ(found[1], (Tile{5, {960, 0, 320, 180}, 0}));
  EXPECT_EQ(found[2], (Tile{13, {1040, 180, 160, 90}, 0}));
}

// How high the tiles below the speaker are for so many cameras of 16:9, and how many are shown.
TEST(Webinar, TheOthersShrinkToOneHeightNotBelow90) {
  const struct {
    std::size_t cameras;
    int height;
    std::size_t shown;
  } table[] = {{2, 180, 2}, {3, 180, 3}, {4, 180, 4}, {5, 134, 5},
               {6, 108, 6}, {7, 90, 7},  {8, 90, 7},  {12, 90, 7}};
  for (const auto& row : table) {
    const auto found = tiles(with({slide()}, row.cameras, camera()));
    ASSERT_EQ(found.size(), row.shown + 1) << row.cameras;
    EXPECT_EQ(found[1].rect, (Rect{960, 0, 320, 180})) << row.cameras;
    for (std::size_t i = 2; i < found.size(); ++i) {
      EXPECT_EQ(found[i].rect.height, row.height) << row.cameras;
      EXPECT_EQ(found[i].rect.y, 180 + static_cast<int>(i - 2) * row.height) << row.cameras;
    }
  }
}

TEST(Webinar, OthersOfAllShapesShrinkToTheSameHeight) {
  const auto found = tiles({slide(), presenter(kTall), camera(kTall), camera(), camera(kTall)});
  EXPECT_EQ(found, (Tiles{{0, {0, 90, 960, 540}, 0},
                          {1, {1030, 0, 180, 320}, 0},
                          {2, {1082, 320, 74, 132}, 0},
                          {3, {1002, 452, 234, 132}, 0},
                          {4, {1082, 584, 74, 132}, 0}}));
}

TEST(Webinar, AloneOneCameraFillsTheCanvas) {
  EXPECT_EQ(tiles({camera()}), (Tiles{{0, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(tiles({camera(kTall)}), (Tiles{{0, {436, 0, 406, 720}, 0}}));
  EXPECT_EQ(tiles({camera({640, 480})}), (Tiles{{0, {160, 0, 960, 720}, 0}}));
}

TEST(Webinar, AmongCamerasAloneThePresenterFillsTheCanvas) {
  EXPECT_EQ(tiles({camera(), presenter(), presenter()}), (Tiles{{1, {0, 0, 1280, 720}, 0}}));
}

TEST(Webinar, AnotherSpeakerStandsInTheCornerOverThePresenter) {
  const Sources wide{presenter(), camera()};
  EXPECT_EQ(arrange({.canvas = kHd, .speaker = 1}, wide).tiles,
            (Tiles{{0, {0, 0, 1280, 720}, 0}, {1, {944, 16, 320, 180}, 1}}));
  const Sources tall{presenter(), camera(kTall)};
  EXPECT_EQ(arrange({.canvas = kHd, .speaker = 1}, tall).tiles[1].rect, (Rect{1162, 16, 102, 180}));
  EXPECT_EQ(arrange({.canvas = {1920, 1080}, .speaker = 1}, wide).tiles[1].rect,
            (Rect{1416, 24, 480, 270}));
}

TEST(Webinar, CamerasAloneWithoutAPresenterStandInAGrid) {
  EXPECT_EQ(tiles(with({}, 2, camera())),
            (Tiles{{0, {0, 180, 640, 360}, 0}, {1, {640, 180, 640, 360}, 0}}));
  EXPECT_EQ(
      tiles(with({}, 3, camera())),
      (Tiles{{0, {0, 0, 640, 360}, 0}, {1, {640, 0, 640, 360}, 0}, {2, {320, 360, 640, 360}, 0}}));
  const auto five = tiles(with({}, 5, camera()));  // 3 columns of 426, 2 rows
  ASSERT_EQ(five.size(), 5U);
  EXPECT_EQ(five[0].rect, (Rect{0, 60, 426, 240}));
  EXPECT_EQ(five[3].rect, (Rect{212, 420, 426, 240}));
}

TEST(Webinar, ScalesToOtherCanvases) {
  EXPECT_EQ(
      tiles({camera(), slide(), camera()}, {640, 360}),
      (Tiles{{1, {0, 44, 480, 270}, 0}, {0, {480, 0, 160, 90}, 0}, {2, {480, 90, 160, 90}, 0}}));
  EXPECT_EQ(tiles({camera(), slide()}, {1920, 1080}),
            (Tiles{{1, {0, 134, 1440, 810}, 0}, {0, {1440, 0, 480, 270}, 0}}));
  EXPECT_EQ(tiles({camera(), slide()}, {854, 480}),
            (Tiles{{1, {0, 60, 640, 360}, 0}, {0, {640, 0, 214, 120}, 0}}));
}

TEST(Webinar, ShowsTheSamePeopleOnASmallCanvas) {
  for (std::size_t n = 0; n <= 12; ++n)
    EXPECT_EQ(tiles(with({slide()}, n, camera())).size(),
              tiles(with({slide()}, n, camera()), {640, 360}).size())
        << n;
}

TEST(Webinar, OnAPortraitCanvasTilesStandInRowsBelowTheStage) {
  constexpr Size kPortrait{1080, 1920};
  EXPECT_EQ(tiles({slide()}, kPortrait), (Tiles{{0, {0, 656, 1080, 608}, 0}}));
  EXPECT_EQ(tiles({slide({960, 720}), camera()}, kPortrait),
            (Tiles{{0, {0, 0, 1080, 810}, 0}, {1, {0, 1060, 1080, 608}, 0}}));
  EXPECT_EQ(tiles({slide({960, 720}), camera(), camera(), camera(), presenter()}, kPortrait),
            (Tiles{{0, {0, 0, 1080, 810}, 0},
                   {4, {0, 934, 540, 304}, 0},
                   {1, {540, 934, 540, 304}, 0},
                   {2, {0, 1488, 540, 304}, 0},
                   {3, {540, 1488, 540, 304}, 0}}));
  EXPECT_EQ(tiles(with({slide()}, 60, camera()), kPortrait).size(), 33U);
}

TEST(Grid, HoldsEverybody) {
  EXPECT_EQ(
      tiles({slide(), camera(), screen()}, kHd, Policy::grid),
      (Tiles{{0, {0, 0, 640, 360}, 0}, {1, {640, 0, 640, 360}, 0}, {2, {320, 360, 640, 360}, 0}}));
}

TEST(Single, ShowsTheStageElseTheSpeaker) {
  EXPECT_EQ(tiles({camera(), presenter()}, kHd, Policy::single),
            (Tiles{{1, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(tiles({camera(), slide()}, kHd, Policy::single), (Tiles{{1, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(tiles({}, kHd, Policy::single), Tiles{});
}

Arrangement mtslinker(const Sources& sources, bool deck = false) {
  return arrange({.policy = Policy::mtslinker, .canvas = kHd, .deck_in_record = deck}, sources);
}

TEST(Mtslinker, OneSourceFillsTheCanvas) {
  EXPECT_EQ(mtslinker({camera(kTall)}).tiles, (Tiles{{0, {436, 0, 406, 720}, 0}}));
  EXPECT_TRUE(mtslinker({camera()}).backdrops.empty());
}

TEST(Mtslinker, AScreenIsMainWithTheFirstPresenterAsInset) {
  EXPECT_EQ(mtslinker({camera(), presenter(), screen()}).tiles,
            (Tiles{{2, {0, 0, 1280, 720}, 0}, {1, {944, 16, 320, 180}, 1}}));
  EXPECT_EQ(mtslinker({camera(), camera(), screen()}).tiles,
            (Tiles{{2, {0, 0, 1280, 720}, 0}, {0, {944, 16, 320, 180}, 1}}));
  EXPECT_EQ(mtslinker({screen(1s), screen(2s)}).tiles,
            (Tiles{{1, {0, 0, 1280, 720}, 0}, {0, {944, 16, 320, 180}, 1}}));
}

TEST(Mtslinker, WithoutAScreenTheFirstPresenterIsMain) {
  EXPECT_EQ(mtslinker({camera(), presenter(), presenter()}).tiles,
            (Tiles{{1, {0, 0, 1280, 720}, 0}, {2, {944, 16, 320, 180}, 1}}));
  EXPECT_EQ(mtslinker({camera(), camera(), presenter()}).tiles,
            (Tiles{{2, {0, 0, 1280, 720}, 0}, {0, {944, 16, 320, 180}, 1}}));
}

TEST(Mtslinker, ElseAGridWithSoundFirstAndNeverUpscaled) {
  auto silent = camera();
  silent.has_sound = false;
  EXPECT_EQ(
      mtslinker({silent, camera({320, 240}), camera({1280, 720})}).tiles,
      (Tiles{{1, {160, 60, 320, 240}, 0}, {2, {640, 0, 640, 360}, 0}, {0, {0, 360, 640, 360}, 0}}));
}

TEST(Mtslinker, WithADeckTheWhiteBoxStaysAndTheRestIsScaledInto320) {
  const Backdrop box{{0, 0, 960, 720}, 0xffffff};
  EXPECT_EQ(mtslinker({}, true), (Arrangement{{}, {box}}));
  EXPECT_EQ(mtslinker({camera(), slide()}, true),
            (Arrangement{{{1, {0, 90, 960, 540}, 0}, {0, {960, 0, 320, 180}, 0}}, {box}}));
  EXPECT_EQ(mtslinker({presenter(), screen()}, true),
            (Arrangement{{{1, {960, 0, 320, 180}, 0}, {0, {1196, 4, 78, 44}, 1}}, {box}}));
  EXPECT_EQ(mtslinker(with({}, 4, camera()), true).tiles[3].rect, (Rect{1120, 90, 160, 90}));
}

Tiles with_speaker(const Sources& sources, std::size_t speaker, Policy policy, Size canvas = kHd) {
  return arrange({.policy = policy, .canvas = canvas, .speaker = speaker}, sources).tiles;
}

TEST(Speaker, IsBesideTheStageOrFillsTheCanvas) {
  const Sources people{presenter(), camera(), camera(kTall)};
  EXPECT_EQ(with_speaker(people, 1, Policy::speaker), (Tiles{{1, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(with_speaker(people, 2, Policy::speaker), (Tiles{{2, {436, 0, 406, 720}, 0}}));
  EXPECT_EQ(with_speaker({presenter(), camera(), slide()}, 1, Policy::speaker),
            (Tiles{{2, {0, 90, 960, 540}, 0}, {1, {960, 0, 320, 180}, 0}}));
  EXPECT_EQ(tiles({presenter(), camera()}, kHd, Policy::speaker),
            (Tiles{{0, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(tiles({slide()}, kHd, Policy::speaker), (Tiles{{0, {0, 0, 1280, 720}, 0}}));
}

TEST(Presenter, StaysWhoeverSpeaks) {
  EXPECT_EQ(with_speaker({camera(), presenter()}, 0, Policy::presenter),
            (Tiles{{1, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(with_speaker({camera(), presenter(), screen()}, 0, Policy::presenter),
            (Tiles{{2, {0, 90, 960, 540}, 0}, {1, {960, 0, 320, 180}, 0}}));
}

TEST(SideBySide, HalvesTheCanvas) {
  EXPECT_EQ(with_speaker({presenter(), camera(), slide()}, 1, Policy::side_by_side),
            (Tiles{{2, {0, 180, 640, 360}, 0}, {1, {640, 180, 640, 360}, 0}}));
  EXPECT_EQ(with_speaker({presenter(), camera()}, 1, Policy::side_by_side),
            (Tiles{{1, {0, 180, 640, 360}, 0}, {0, {640, 180, 640, 360}, 0}}));
  EXPECT_EQ(tiles({camera()}, kHd, Policy::side_by_side), (Tiles{{0, {0, 0, 1280, 720}, 0}}));
  EXPECT_EQ(tiles({presenter(), camera()}, {1080, 1920}, Policy::side_by_side),
            (Tiles{{0, {0, 176, 1080, 608}, 0}, {1, {0, 1136, 1080, 608}, 0}}));
}

TEST(Stack, HasOneOnTopAndTheOthersInARow) {
  EXPECT_EQ(
      with_speaker({presenter(), camera(), camera()}, 2, Policy::stack),
      (Tiles{
          {2, {160, 0, 960, 540}, 0}, {0, {160, 540, 320, 180}, 0}, {1, {800, 540, 320, 180}, 0}}));
  EXPECT_EQ(tiles({camera(), slide()}, kHd, Policy::stack),
            (Tiles{{1, {160, 0, 960, 540}, 0}, {0, {480, 540, 320, 180}, 0}}));
  EXPECT_EQ(tiles({slide()}, kHd, Policy::stack), (Tiles{{0, {0, 0, 1280, 720}, 0}}));
}

// As high as the tiles of the column may get: an eighth of the canvas's shorter side.
TEST(Stack, LeavesNobodyOutWhileTheRowsHaveRoom) {
  const auto twelve = tiles(with({slide()}, 12, camera()), kHd, Policy::stack);
  ASSERT_EQ(twelve.size(), 13U);
  EXPECT_EQ(twelve[1].rect, (Rect{30, 540, 160, 90}));
  EXPECT_EQ(twelve[12].rect, (Rect{1090, 630, 160, 90}));
  EXPECT_EQ(tiles(with({slide()}, 40, camera()), kHd, Policy::stack).size(), 17U);
  EXPECT_EQ(tiles(with({slide()}, 40, camera()), {1080, 1920}, Policy::stack).size(), 13U);
}

TEST(AutomaticCanvas, FollowsTheLargestPicture) {
  const struct {
    std::vector<Size> pictures;
    Size canvas;
  } table[] = {{{}, {640, 360}},
               {{{320, 240}}, {640, 360}},
               {{{640, 360}, {800, 600}, {320, 240}}, {800, 600}},
               {{{1920, 1080}}, {1280, 720}},
               {{{1024, 768}}, {960, 720}},
               {{{641, 481}}, {640, 480}},
               {{{720, 1280}}, {640, 720}},
               {{{3440, 1440}}, {1280, 536}}};
  for (const auto& row : table) EXPECT_EQ(automatic_canvas(row.pictures, false), row.canvas);
  EXPECT_EQ(automatic_canvas({{320, 240}}, true), kHd);
}

}  // namespace
}  // namespace rostrum
