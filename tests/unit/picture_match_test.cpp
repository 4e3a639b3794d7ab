// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/picture_match.h"

#include "core/picture_probes.h"
#include "core/still_watch.h"
#include "small_meeting.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace rostrum {
namespace {

constexpr Size kSize{64, 36};
constexpr CellGrid kGrid{32, 18};

// A picture of one colour with a bright square at x.
struct Picture {
  std::vector<std::uint8_t> y, u, v;

  explicit Picture(int x, int ground = 40, int square = 200)
      : y(64 * 36, static_cast<std::uint8_t>(ground)), u(32 * 18, 128), v(32 * 18, 128) {
    for (int row = 10; row < 26; ++row)
      for (int column = std::max(0, x); column < std::min(64, x + 12); ++column)
        y[static_cast<std::size_t>(row * 64 + column)] = static_cast<std::uint8_t>(square);
  }
  PictureView view() const { return {y.data(), u.data(), v.data(), 64, 32}; }
  Signature signature() const { return signature_of(view(), {0, 0, 64, 36}, kGrid); }
};

std::vector<Signature> strip(int first, int count, int speed) {
  std::vector<Signature> frames;
  for (int n = first; n < first + count; ++n) frames.push_back(Picture{20 + speed * n}.signature());
  return frames;
}

TEST(Signature, HoldsMeansOfCells) {
  Picture picture{0, 100, 100};
  picture.y[0] = 140;  // one of the four pixels of the first cell
  const auto s = picture.signature();
  ASSERT_EQ(s.luma.size(), kGrid.cells());
  EXPECT_EQ(s.luma[0], 110);
  EXPECT_EQ(s.luma[1], 100);
  EXPECT_EQ(s.u.size(), 16u * 9u);
}

TEST(Signature, CellsAreSquareAndNeverSmallerThanTwoPixels) {
  EXPECT_EQ(cells_of({1280, 720}, 48), (CellGrid{48, 27}));
  EXPECT_EQ(cells_of({270, 480}, 48), (CellGrid{27, 48}));
  EXPECT_EQ(cells_of({20, 12}, 48), (CellGrid{10, 6}));
}

TEST(Signature, WhatIsCoveredIsNotCompared) {
  const auto a = Picture{10}.signature();
  const auto b = Picture{40}.signature();
  EXPECT_GT(likeness(a, b, {}).distance, 20);
  CellMask mask;
  mask_out(mask, kGrid, {0, 0, 64, 36}, {8, 8, 48, 20});
  EXPECT_LT(likeness(a, b, mask).distance, 0.5);
  EXPECT_EQ(cells_apart(a, b, mask, 3), 0u);
}

TEST(PictureMatch, TheSameIsAlikeDarkerToo) {
  const Strips strips{{Picture{20}.signature()}, {Picture{20, 30, 180}.signature()}, 0};
  const auto found = match(strips, {});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->unlike);
  EXPECT_FALSE(found->certain);
}

TEST(PictureMatch, AnotherPictureAndABlackOneAreUnlike) {
  EXPECT_TRUE(match({{Picture{40}.signature()}, {Picture{4}.signature()}, 0}, {})->unlike);
  const auto black = plain_signature(kGrid, 16, 128, 128);
  EXPECT_TRUE(match({{black}, {Picture{4}.signature()}, 0}, {})->unlike);
  EXPECT_FALSE(match({{black}, {plain_signature(kGrid, 20, 128, 128)}, 0}, {})->unlike);
}

TEST(PictureMatch, AColourOfItsOwnIsSeen) {
  const auto red = plain_signature(kGrid, 80, 90, 240);
  const auto blue = plain_signature(kGrid, 80, 240, 110);
  EXPECT_TRUE(match({{red}, {blue}, 0}, {})->unlike);
}

TEST(PictureMatch, MovementTellsHowLateThePictureIs) {
  for (const int late : {-6, -1, 0, 3, 8}) {
    const auto found = match({strip(-late, 5, 2), strip(-10, 25, 2), 10}, {});
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->certain) << late;
    EXPECT_EQ(found->lag, late);
    EXPECT_FALSE(found->unlike);
  }
}

TEST(PictureMatch, WhatStandsStillHasNoPlaceInTime) {
  const auto found = match({strip(0, 5, 0), strip(0, 25, 0), 10}, {});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->certain);
  EXPECT_FALSE(found->unlike);
}

TEST(PictureMatch, ASourceThatCouldNotBeHadIsNotJudged) {
  EXPECT_FALSE(match({strip(0, 5, 1), strip(0, 24, 1), 10}, {}));
  EXPECT_FALSE(match({{}, {}, 0}, {}));
}

TEST(PictureMatch, TheSlideThatIsShownInsteadIsNamed) {
  const auto own = Picture{4}.signature();
  const auto other = Picture{8}.signature();
  const auto far = Picture{40}.signature();
  const std::vector<const Signature*> all{&own, &other, &far};
  EXPECT_EQ(shown_instead(other, likeness(other, own, {}), all, {}), 1u);
  EXPECT_FALSE(shown_instead(own, likeness(own, own, {}), all, {}));
  // as near as encoding allows to both: there is no telling
  const auto twin = Picture{4, 41, 201}.signature();
  EXPECT_FALSE(shown_instead(own, likeness(own, twin, {}), {&own, &twin}, {}));
}

TEST(PictureMatch, ASourceMovesWhenItDoesSoMoreThanOnce) {
  EXPECT_TRUE(moves(strip(0, 8, 2), {}));
  EXPECT_FALSE(moves(strip(0, 8, 0), {}));
  auto once = strip(0, 8, 0);
  once[4] = Picture{50}.signature();
  EXPECT_FALSE(moves(once, {}));
}

TEST(StillWatch, FindsWhatStandsStillForFourSeconds) {
  StillWatch watch;
  for (int n = 0; n < 50; ++n)  // moves until 4 s, then stands
    watch.look(200ms * n, Picture{n < 20 ? n : 30, 40 + n % 3}.signature(), {});
  watch.end(10s);
  const auto found = watch.take();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].when, (Interval{4s, 10s}));
}

TEST(StillWatch, AShortPauseIsNone) {
  StillWatch watch;
  for (int n = 0; n < 50; ++n) watch.look(200ms * n, Picture{n / 15}.signature(), {});
  watch.end(10s);
  EXPECT_TRUE(watch.take().empty());
}

TEST(BlackWatch, FindsBlackOfASecondAndNothingDarkButVisible) {
  BlackWatch watch;
  for (int n = 0; n < 50; ++n)
    watch.look(200ms * n, n >= 10 && n < 20   ? plain_signature(kGrid, 18, 128, 128)
                          : n >= 30 && n < 33 ? plain_signature(kGrid, 16, 128, 128)
                                              : Picture{20, 20, 60}.signature());
  watch.end(10s);
  EXPECT_EQ(watch.found(), (std::vector<Interval>{{2s, 4s}}));
}

TEST(PictureProbes, EverySceneIsLookedAt) {
  test::Meeting meeting;
  const auto plan = meeting.plan();
  const auto probes = picture_probes(plan, {});
  ASSERT_FALSE(probes.empty());
  for (const auto& probe : probes) {
    const auto& scene = plan.scenes[probe.scene];
    EXPECT_GE(probe.frames.first, scene.frames.first);
    EXPECT_LE(probe.frames.end, scene.frames.end);
    EXPECT_EQ(probe.frames.count(), kStripFrames);
    EXPECT_EQ(probe.grid, (CellGrid{48, 27}));
    EXPECT_TRUE(probe.mask.empty());
  }
}

TEST(PictureProbes, AreFewEnoughForAnyFilm) {
  test::Meeting meeting;
  const auto plan = meeting.plan();
  EXPECT_EQ(picture_probes(plan, {.step = 40ms, .most = 7}).size(), 7u);
  EXPECT_EQ(full_density(10s).step, Nanoseconds{2s});
  EXPECT_EQ(full_density(2h).step, Nanoseconds{30s});
}

TEST(PictureProbes, WhatIsDrawnOverATileIsLeftOut) {
  test::Meeting meeting;
  meeting.manifest.layout.labels = true;
  const auto plan = meeting.plan();
  const auto probes = picture_probes(plan, {});
  ASSERT_FALSE(probes.empty());
  for (const auto& probe : probes) {
    ASSERT_EQ(probe.mask.size(), probe.grid.cells());
    const auto covered = std::count(probe.mask.begin(), probe.mask.end(), true);
    EXPECT_GT(covered, 0);
    EXPECT_LT(4 * covered, std::ssize(probe.mask));
  }
}

TEST(PictureProbes, ACardHidesAllThatIsUnderIt) {
  test::Meeting meeting;
  Card card;
  card.place = CardPlace::time;
  card.at = 3s;
  card.duration = 2s;
  card.title = "x";
  meeting.manifest.cards = {card};
  const auto plan = meeting.plan();
  EXPECT_TRUE(probes_at(plan, 100).empty());
  EXPECT_FALSE(probes_at(plan, 150).empty());
}

}  // namespace
}  // namespace rostrum
