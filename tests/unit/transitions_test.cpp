// SPDX-License-Identifier: LGPL-2.1-or-later
// Tiles that come, go or move fade.
#include "core/plan_fades.h"
#include "core/slice.h"
#include "small_meeting.h"

using namespace rostrum;
using namespace rostrum::test;

namespace {

// Anna's camera is there from frame 50 to 200.
Plan fading(Nanoseconds length, const PlanOptions& options = {}) {
  Meeting m;
  m.manifest.layout.fade = length;
  return m.plan(options);
}

std::vector<Opacity> opacities(const Plan& plan, FrameRange frames) {
  const auto slice = make_picture_slice(plan, frames);
  return slice.slots.empty() ? std::vector<Opacity>{} : slice.slots[0].opacities;
}

TEST(Transitions, AreCutsUnlessAskedFor) { EXPECT_TRUE(opacities(fading(0s), {0, 250}).empty()); }

TEST(Transitions, FadeWhatComesAndGoesWithinItsOwnScene) {
  const auto plan = fading(240ms);
  EXPECT_EQ(scene_at(plan, 60).tiles[0].fade_in, 3);
  EXPECT_EQ(scene_at(plan, 60).tiles[0].fade_out, 3);
  EXPECT_EQ(opacities(plan, {0, 250}),
            (std::vector<Opacity>{
                {50, 250}, {51, 500}, {52, 750}, {53, 1000}, {197, 750}, {198, 500}, {199, 250}}));
}

TEST(Transitions, LeaveBackgroundsAndTitleCardsOpaque) {
  Meeting m;
  m.manifest.canvas.background = 0x123456;
  m.manifest.cards = {{CardPlace::start, {}, 1s, "x", "", 0x203040, 0xffffff}};
  const auto plan = m.plan();
  for (const FrameRange frames : {FrameRange{0, 250}, FrameRange{12, 13}, FrameRange{24, 60}}) {
    const auto slice = make_picture_slice(plan, frames);
    EXPECT_GE(slice.slots.size(), 2U);
    for (const auto& slot : slice.slots) EXPECT_EQ(slot.opacities, std::vector<Opacity>{});
  }
}

TEST(Transitions, AreTheSameHoweverTheFilmIsCut) {
  const auto plan = fading(240ms);
  EXPECT_EQ(opacities(plan, {52, 100}), (std::vector<Opacity>{{52, 750}, {53, 1000}}));
  EXPECT_EQ(opacities(plan, {53, 100}), (std::vector<Opacity>{}));
  EXPECT_EQ(opacities(plan, {198, 250}), (std::vector<Opacity>{{198, 500}, {199, 250}}));
}

TEST(Transitions, AreNeverLongerThanHalfOfAScene) {
  const auto plan = fading(60s);
  EXPECT_EQ(scene_at(plan, 60).tiles[0].fade_in, 75);
  EXPECT_EQ(scene_at(plan, 60).tiles[0].fade_out, 75);
}

TEST(Transitions, LeaveAloneWhatStaysInItsPlace) {
  const Rect left{0, 0, 100, 100};
  const Rect right{100, 0, 100, 100};
  std::vector<Scene> scenes{{{0, 100}, {{0, 0, left}, {1, 0, right}}, {}},
                            {{100, 200}, {{0, 1, left}, {1, 0, left}, {2, 0, right}}, {}}};
  fade_layouts(scenes, FrameGrid{{25, 1}}, 800ms);
  EXPECT_EQ(scenes[0].tiles[0].fade_out, 0) << "another clip in the same place, as slides are";
  EXPECT_EQ(scenes[1].tiles[0].fade_in, 0);
  EXPECT_EQ(scenes[0].tiles[1].fade_out, 10) << "moves";
  EXPECT_EQ(scenes[1].tiles[1].fade_in, 10);
  EXPECT_EQ(scenes[1].tiles[2].fade_in, 10) << "is new";
}

TEST(Transitions, HideNamesWhileTheirTilesFade) {
  Meeting m;
  m.manifest.layout.fade = 240ms;
  m.manifest.layout.labels = true;
  const auto labels = of_kind(m.plan(), OverlayKind::label);
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels[0].frames, (FrameRange{53, 197}));
}

}  // namespace
