// SPDX-License-Identifier: LGPL-2.1-or-later
// Cards and the logo in the plan, and overlays on their way to the workers.
#include "core/chunk_job.h"
#include "core/job_texts.h"
#include "core/plan_overlays.h"
#include "core/slice_json.h"
#include "core/source_trials.h"
#include "small_meeting.h"

namespace rostrum {
namespace {

using namespace test;

TEST(Cards, CoverTheCanvasAndDecodeNothing) {
  Meeting m;
  m.manifest.layout.labels = true;
  m.manifest.cards = {{CardPlace::start, {}, 3s, "Title", "Text", 0x102030, 0xfefefe},
                      {CardPlace::end, {}, 2s, "End", "", 0, 0xffffff},
                      {CardPlace::time, 5s, 1s, "Middle", "", 0, 0xffffff}};
  const auto plan = m.plan();
  EXPECT_EQ(runs(of_kind(plan, OverlayKind::card)),
            (std::vector<Drawn>{{"Title", {0, 75}}, {"Middle", {125, 150}}, {"End", {200, 250}}}));
  EXPECT_EQ(runs(of_kind(plan, OverlayKind::label)),
            (std::vector<Drawn>{{"Anna A.", {75, 125}}, {"Anna A.", {150, 200}}}));
  EXPECT_TRUE(of_kind(plan, OverlayKind::names).empty());
  const auto& scene = scene_at(plan, 60);
  EXPECT_EQ(scene.frames, (FrameRange{0, 75}));
  EXPECT_TRUE(scene.tiles.empty());
  EXPECT_EQ(scene.backdrops, (std::vector<Backdrop>{{{0, 0, 1280, 720}, 0x102030}}));
  std::int64_t end = 0;
  for (const auto& s : plan.scenes) {
    EXPECT_EQ(s.frames.first, end);
    end = s.frames.end;
  }
  EXPECT_EQ(end, 250);
  EXPECT_EQ(voices(plan, {0s, 10s}), voices(Meeting{}.plan(), {0s, 10s}));
}

TEST(Cards, StandAtTheirTimeInAPartOfTheFilm) {
  Meeting m;
  m.manifest.cards = {{CardPlace::end, {}, 2s, "End", "", 0, 0}};
  EXPECT_TRUE(of_kind(m.plan({.from = 1s, .to = 7s}), OverlayKind::card).empty());
  EXPECT_EQ(runs(of_kind(m.plan({.from = 1s, .to = 9s}), OverlayKind::card)),
            (std::vector<Drawn>{{"End", {200, 225}}}));
}

TEST(Cards, AnEndCardReachesTheLastFrame) {
  Meeting m;
  m.manifest.duration = 9s + 979ms;  // 249.475 frames: 249
  m.manifest.cards = {{CardPlace::end, {}, 20s, "End", "", 0, 0}};
  EXPECT_EQ(runs(of_kind(m.plan(), OverlayKind::card)), (std::vector<Drawn>{{"End", {0, 249}}}));
}

TEST(Cards, OneThatBeginsAfterTheFilmIsAnError) {
  Meeting m;
  m.manifest.duration.reset();
  m.manifest.cards = {{CardPlace::start, {}, 3s, "x", "", 0, 0},
                      {CardPlace::time, 9s, 1s, "x", "", 0, 0}};
  const auto plan = make_plan(m.manifest, m.media, {});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, Kind::manifest);
  EXPECT_EQ(plan.error().message,
            "/cards/1/at: a card must begin within the film, which ends at 0:00:09.000");
}

TEST(TheLogo, StandsInItsCornerOverAllButCards) {
  Meeting m;
  m.manifest.cards = {{CardPlace::time, 2s, 1s, "x", "", 0, 0}};
  m.manifest.logo = Logo{"l", Corner::bottom_right, 0.1, 0.025, 0.5};
  const auto logos = of_kind(m.plan(), OverlayKind::logo);
  ASSERT_EQ(logos.size(), 2U);
  EXPECT_EQ(logos[0].frames, (FrameRange{0, 50}));
  EXPECT_EQ(logos[1].frames, (FrameRange{75, 250}));
  EXPECT_EQ(logos[0].rect, (Rect{1120, 656, 128, 32}));
  EXPECT_EQ(logos[0].opacity, 500);
}

TEST(TheLogo, FitsAnyCanvas) {
  for (const Size canvas : {Size{16, 16}, Size{1280, 720}, Size{1080, 1920}, Size{4096, 16}})
    for (const auto corner : {Corner::top_left, Corner::bottom_right})
      for (const double margin : {0.0, 0.5})
        for (const Size picture : {Size{1, 400}, Size{400, 1}, Size{100, 100}}) {
          Meeting m;
          m.manifest.canvas.width = canvas.width;
          m.manifest.canvas.height = canvas.height;
          m.media["l"] = drawing(picture.width, picture.height);
          m.manifest.logo = Logo{"l", corner, 1, margin, 1};
          for (const auto& o : of_kind(m.plan(), OverlayKind::logo)) {
            EXPECT_GE(o.rect.x, 0);
            EXPECT_GE(o.rect.y, 0);
            EXPECT_LE(o.rect.x + o.rect.width, canvas.width);
            EXPECT_LE(o.rect.y + o.rect.height, canvas.height);
          }
        }
}

TEST(TheLogo, FitsTheSmallPicturesOfAContactSheet) {
  for (const int lines : {2, 4, 6, 12})
    for (const auto corner :
         {Corner::top_left, Corner::top_right, Corner::bottom_left, Corner::bottom_right}) {
      Meeting m;
      m.manifest.canvas.width = 4096;
      m.manifest.canvas.height = 16;
      m.manifest.logo = Logo{"l", corner, 0.1, 0.02, 1};
      const auto plan = m.plan({.lines = lines});
      ASSERT_EQ(plan.canvas.height, lines);
      const auto logos = of_kind(plan, OverlayKind::logo);
      ASSERT_EQ(logos.size(), 1U);
      const auto& r = logos[0].rect;
      EXPECT_GE(r.x, 0);
      EXPECT_GE(r.y, 0);
      EXPECT_GE(r.width, 2);
      EXPECT_GE(r.height, 2);
      EXPECT_LE(r.x + r.width, plan.canvas.width);
      EXPECT_LE(r.y + r.height, plan.canvas.height);
    }
}

TEST(TheLogo, ThatCannotBeDrawnIsReported) {
  Meeting m;
  m.manifest.logo = Logo{"a", Corner::top_left, 0.1, 0, 1};
  const auto plan = m.plan();
  EXPECT_TRUE(plan.overlays.empty());
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].pointer, "/logo/asset");
  EXPECT_EQ(plan.substitutions[0].what, "unsuitable");
}

TEST(Slices, HoldTheOverlaysOfTheirFramesHoweverTheyAreCut) {
  Meeting m;
  m.manifest.layout = {.policy = Policy::grid, .fade = 120ms, .labels = true, .cards = true};
  m.manifest.cards = {{CardPlace::start, {}, 1s, "T", "d", 0, 0}};
  m.manifest.logo = Logo{"l", Corner::top_left, 0.1, 0, 1};
  const auto plan = m.plan();
  EXPECT_EQ(make_picture_slice(plan, plan.frames).overlays, plan.overlays);
  for (std::int64_t frame = 0; frame < plan.frames.end; ++frame) {
    auto expected = overlays_within(plan, {frame, frame + 1});
    auto of_chunk = make_slice(plan, {frame / 30 * 30, frame / 30 * 30 + 30}).overlays;
    std::erase_if(of_chunk, [&](const Overlay& o) { return !o.frames.contains(frame); });
    for (auto& o : of_chunk) o.frames = {frame, frame + 1};
    EXPECT_EQ(of_chunk, expected) << frame;
  }
  EXPECT_TRUE(make_sound_slice(plan, 0, 48000).overlays.empty());
}

TEST(Slices, KeepTheirOverlaysAsText) {
  Meeting m;
  m.manifest.layout = {.policy = Policy::grid, .fade = 120ms, .labels = true, .cards = true};
  m.manifest.cards = {{CardPlace::start, {}, 1s, "T", "d", 0, 0x123456}};
  m.manifest.logo = Logo{"l", Corner::top_left, 0.1, 0, 0.25};
  const auto plan = m.plan();
  const auto slice = make_slice(plan, plan.frames);
  const auto back = parse_slice(slice_json(slice));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->overlays, slice.overlays);
  EXPECT_EQ(slice_json(*back), slice_json(slice));
}

TEST(Recipes, ChangeWithWhatIsDrawn) {
  const auto recipe = [](const Meeting& m) {
    ChunkJob job;
    const auto plan = m.plan();
    job.slice = make_picture_slice(plan, plan.frames);
    return chunk_recipe(job);
  };
  Meeting m;
  const auto plain = recipe(m);
  m.manifest.layout.labels = true;
  const auto named = recipe(m);
  EXPECT_NE(named, plain);
  m.manifest.people[0].name = "Other";
  EXPECT_NE(recipe(m), named);
}

TEST(SourceTrials, CountTheLogo) {
  Meeting m;
  m.manifest.logo = Logo{"l", Corner::top_left, 0.1, 0, 1};
  const auto plan = m.plan();
  auto slice = make_picture_slice(plan, {0, 100});
  EXPECT_EQ(sources_of(slice), (std::set<std::string>{"a", "l"}));
  EXPECT_EQ(conviction(slice, "l", {WorkerExit::How::crashed, {}, 0}).when, (Interval{0s, 4s}));
  leave_out(slice, "l");
  EXPECT_TRUE(slice.overlays.empty());
}

TEST(PlanJson, HoldsTheOverlays) {
  Meeting m;
  m.manifest.layout.labels = true;
  EXPECT_NE(plan_json(m.plan()), plan_json(Meeting{}.plan()));
  const auto text = explain(m.plan(), m.manifest, m.media, 3s);
  EXPECT_NE(text.find("1252x48 at 14,658: label \"Anna A.\""), std::string::npos) << text;
}

TEST(DrawnTexts, AreThoseOfTheJobWithTheirPointers) {
  Meeting m;
  m.manifest.people.push_back({"x", "Nobody's", {}});
  m.manifest.cards = {{CardPlace::start, {}, 1s, "T", "", 0, 0}};
  const auto texts = [&m] { return drawn_texts(m.manifest, m.plan()); };
  EXPECT_EQ(texts(), (std::vector<JobText>{{"/cards/0/title", "T"}}));
  m.manifest.layout.cards = true;
  EXPECT_EQ(texts(), (std::vector<JobText>{{"/people/1/name", "ББ"}, {"/cards/0/title", "T"}}));
  m.manifest.layout.labels = true;
  EXPECT_EQ(texts(), (std::vector<JobText>{{"/people/0/name", "Anna A."},
                                           {"/people/1/name", "борис б."},
                                           {"/cards/0/title", "T"}}));
}

TEST(DrawnTexts, HaveTheInitialsOfWhomScenesNameWithoutACamera) {
  Meeting m;  // Anna's camera: 2 s to 8 s
  const auto texts = [&m] { return drawn_texts(m.manifest, m.plan()); };
  m.manifest.layout.policy = Policy::grid;
  m.manifest.scenes = {{.start = 3s, .people = std::vector<std::string>{"anna"}}, {.start = 7s}};
  EXPECT_EQ(texts(), std::vector<JobText>{});
  m.manifest.scenes[1].people = {"anna", "boris"};
  EXPECT_EQ(texts(), (std::vector<JobText>{{"/people/0/name", "AA"}, {"/people/1/name", "ББ"}}));
}

}  // namespace
}  // namespace rostrum
