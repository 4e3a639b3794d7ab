// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/slice.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

MediaInfo video_medium(int width, int height, Nanoseconds duration, bool sound = true) {
  MediaInfo info;
  info.path = "x";
  info.video = VideoInfo{width, height, {25, 1}};
  if (sound) info.audio = AudioInfo{48000, 1};
  info.duration = duration;
  return info;
}

MediaInfo picture() {
  MediaInfo info;
  info.path = "x";
  info.video = VideoInfo{1280, 720, {0, 1}};
  info.pages = 1;
  return info;
}

Clip clip(const char* asset, Nanoseconds start, std::optional<Nanoseconds> duration = {}) {
  Clip c;
  c.asset = asset;
  c.start = start;
  c.duration = duration;
  return c;
}

// A presenter's camera from 1 s to 9 s, a guest's from 4 s to 6 s, a slide from 2 s on; ten seconds
// in all.
struct Meeting {
  Manifest manifest;
  MediaMap media;

  Meeting() {
    manifest.title = "Meeting";
    manifest.duration = 10s;
    manifest.people = {{"anna", "Anna", Role::presenter}, {"boris", "Boris", Role::participant}};
    manifest.assets = {{"a", "a.mp4", {}, {}}, {"b", "b.mp4", {}, {}}, {"s", "s.png", {}, {}}};
    manifest.tracks = {{"anna", TrackKind::camera, "anna", {clip("a", 1s, 8s)}},
                       {"boris", TrackKind::camera, "boris", {clip("b", 4s, 2s)}},
                       {"deck", TrackKind::slides, "", {clip("s", 2s)}}};
    media = {
        {"a", video_medium(640, 360, 8s)}, {"b", video_medium(640, 360, 2s)}, {"s", picture()}};
  }

  Plan plan(const PlanOptions& options = {}) const {
    auto made = make_plan(manifest, media, options);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made.value_or(Plan{});
  }
};

std::vector<FrameRange> ranges(const Plan& plan) {
  std::vector<FrameRange> found;
  for (const auto& s : plan.scenes) found.push_back(s.frames);
  return found;
}

std::size_t tiles_at(const Plan& plan, std::int64_t frame) {
  for (const auto& s : plan.scenes)
    if (s.frames.contains(frame)) return s.tiles.size();
  return 99;
}

TEST(Plan, CutsScenesAtTheFramesOfClipEdges) {
  const auto plan = Meeting{}.plan();
  EXPECT_EQ(ranges(plan), (std::vector<FrameRange>{
                              {0, 25}, {25, 50}, {50, 100}, {100, 150}, {150, 225}, {225, 250}}));
  EXPECT_EQ(tiles_at(plan, 24), 0U);
  EXPECT_EQ(tiles_at(plan, 25), 1U);
  EXPECT_EQ(tiles_at(plan, 99), 2U);
  EXPECT_EQ(tiles_at(plan, 100), 3U);
  EXPECT_EQ(tiles_at(plan, 249), 1U);
}

TEST(Plan, IsTheSameEveryTime) {
  EXPECT_EQ(plan_json(Meeting{}.plan()), plan_json(Meeting{}.plan()));
}

TEST(Plan, AMissingMediumIsNotPresentForTheLayoutButReported) {
  Meeting m;
  m.media["b"] = MediaInfo{};
  m.media["b"].problem = "the file is missing";
  const auto plan = m.plan();
  EXPECT_EQ(tiles_at(plan, 120), 2U);
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].pointer, "/tracks/1/clips/0");
  EXPECT_EQ(plan.substitutions[0].what, "missing");
  EXPECT_EQ(plan.substitutions[0].when, (Interval{4s, 6s}));
}

TEST(Plan, AShortMediumIsPresentOnlyAsLongAsItLasts) {
  Meeting m;
  m.media["b"].duration = 1s;
  const auto plan = m.plan();
  EXPECT_EQ(tiles_at(plan, 124), 3U);
  EXPECT_EQ(tiles_at(plan, 125), 2U);
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].what, "short");
  EXPECT_EQ(plan.substitutions[0].when, (Interval{5s, 6s}));
}

TEST(Plan, ACameraWhosePictureEndsBeforeItsSoundIsPresentOnlyAsLongAsThePicture) {
  Meeting m;
  m.media["b"] = video_medium(640, 360, 10s);
  m.media["b"].picture = {0s, 1s};
  m.media["b"].sound = {0s, 10s};
  const auto plan = m.plan();
  EXPECT_EQ(tiles_at(plan, 124), 3U);
  EXPECT_EQ(tiles_at(plan, 125), 2U);
  EXPECT_EQ(plan.tracks[1].clips[0].playable, 2s);  // it is heard to its end
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].pointer, "/tracks/1/clips/0");
  EXPECT_EQ(plan.substitutions[0].what, "short");
  EXPECT_EQ(plan.substitutions[0].when, (Interval{5s, 6s}));
  EXPECT_EQ(plan.substitutions[0].why, "its picture ends at 0:00:01.000");
}

TEST(Plan, ThePicturesEndIsOfTheMediumWhateverTheClipsInPoint) {
  Meeting m;
  m.media["b"] = video_medium(640, 360, 10s);
  m.media["b"].picture = {0s, 7s};
  m.manifest.tracks[1].clips[0].in = 6s;
  EXPECT_EQ(tiles_at(m.plan(), 124), 3U);
  EXPECT_EQ(tiles_at(m.plan(), 125), 2U);
  m.manifest.tracks[1].clips[0].in = 9s;
  EXPECT_EQ(tiles_at(m.plan(), 100), 2U);
}

TEST(Plan, ACameraWhosePictureBeginsAfterItsSoundIsPresentFromThePictureOn) {
  Meeting m;
  m.manifest.tracks[1].clips[0].duration = 5s;
  m.media["b"] = video_medium(640, 360, 5s);
  m.media["b"].picture = {2500ms, 5s};
  const auto plan = m.plan();
  EXPECT_EQ(tiles_at(plan, 162), 2U);
  EXPECT_EQ(tiles_at(plan, 163), 3U);
  EXPECT_TRUE(plan.substitutions.empty());
}

// As recorders write them; each begins with the sound.
TEST(Plan, TheLayoutStaysWhereFilesOfOneCameraFollowEachOther) {
  Meeting m;
  m.media["b"] = video_medium(640, 360, 1s);
  m.manifest.tracks[1].clips = {clip("b", 4s, 1s), clip("b", 5s, 1s)};
  const auto whole = m.plan();
  m.media["b"].picture = {400ms, 700ms};
  EXPECT_EQ(ranges(m.plan()), ranges(whole));
}

TEST(Plan, APictureThatIsSwitchedOffBeforeItEndsLacksNothing) {
  Meeting m;
  m.media["b"] = video_medium(640, 360, 10s);
  m.media["b"].picture = {0s, 1s};
  m.manifest.tracks[1].clips[0].hidden = {{4500ms, 6s}};
  EXPECT_TRUE(m.plan().substitutions.empty());
  m.manifest.tracks[1].clips[0].hidden.clear();
  m.media["b"].picture = {1500ms, 9s};
  EXPECT_EQ(ranges(m.plan()), ranges(Meeting{}.plan()));
  EXPECT_TRUE(m.plan().substitutions.empty());
}

TEST(Plan, AMediumOfUnknownLengthMayEndBeforeTheCutThatDividesIt) {
  Meeting m;
  auto after = clip("b", 7s);
  after.in = 5s;
  m.manifest.tracks[1].clips = {clip("b", 4s), after};
  EXPECT_TRUE(m.plan().substitutions.empty());
  m.manifest.tracks[1].clips = {after};
  EXPECT_EQ(m.plan().substitutions.at(0).what, "outside");
}

TEST(Plan, AMissingSlideKeepsItsPlace) {
  Meeting m;
  m.media["s"] = MediaInfo{};
  m.media["s"].problem = "the file is missing";
  EXPECT_EQ(tiles_at(m.plan(), 60), 2U);
}

TEST(Plan, NoDeclaredClipVanishesInSilence) {
  Meeting m;
  m.manifest.tracks[1].clips = {clip("b", 12s, 2s)};
  auto plan = m.plan();
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].what, "outside");
  EXPECT_EQ(plan.substitutions[0].pointer, "/tracks/1/clips/0");

  m.manifest.tracks[1].clips = {clip("b", 4s)};
  m.manifest.tracks[1].clips[0].in = 100s;
  ASSERT_EQ(m.plan().substitutions.size(), 1U);

  m.manifest.tracks[1] = {"mic", TrackKind::microphone, "", {clip("s", 4s, 1s)}};
  plan = m.plan();
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].what, "unsuitable");
}

TEST(Plan, ReportsOnlyWhatTheRenderedPartLacks) {
  Meeting m;
  m.media["b"].duration = 1s;
  EXPECT_TRUE(m.plan({.from = 0s, .to = 3s}).substitutions.empty());
  const auto plan = m.plan({.from = 0s, .to = 5500ms});
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].when, (Interval{5s, 5520ms}));
}

TEST(Plan, AJobWithoutAnEndIsAnErrorOfTheManifest) {
  Meeting m;
  m.manifest.duration.reset();
  m.manifest.tracks = {{"deck", TrackKind::slides, "", {clip("s", 0s)}}};
  const auto made = make_plan(m.manifest, m.media, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, Kind::manifest);
}

TEST(Plan, ADraftOfANarrowCanvasStaysAPicture) {
  Meeting m;
  m.manifest.canvas.width = 16;
  m.manifest.canvas.height = 4096;
  EXPECT_EQ(m.plan({.from = {}, .to = {}, .draft = true}).canvas, (Size{16, 360}));
}

TEST(Plan, NothingPlayableIsAnErrorOfTheMedia) {
  Meeting m;
  m.media.clear();
  const auto made = make_plan(m.manifest, m.media, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, Kind::media);
}

TEST(Plan, AnAbsentDurationIsTheMediumsOwnToTheNextClipAtMost) {
  Meeting m;
  m.manifest.duration.reset();
  m.manifest.tracks = {{"anna", TrackKind::camera, "anna", {clip("a", 0s), clip("a", 5s)}}};
  const auto plan = m.plan();
  EXPECT_EQ(plan.frames, (FrameRange{0, 13 * 25}));
  EXPECT_EQ(plan.tracks[0].clips[0].duration, 5s);
  EXPECT_EQ(plan.tracks[0].clips[1].duration, 8s);
}

TEST(Plan, HiddenStretchesAreNotSeenButHeard) {
  Meeting m;
  m.manifest.tracks[0].clips[0].hidden = {{3s, 5s}};
  m.manifest.tracks[0].clips[0].muted = {{6s, 7s}};
  const auto plan = m.plan();
  EXPECT_EQ(tiles_at(plan, 80), 1U);
  const auto heard = voices(plan, {0s, 10s});
  ASSERT_EQ(heard.size(), 2U);
  ASSERT_EQ(heard[0].pieces.size(), 2U);
  EXPECT_EQ(heard[0].pieces[0].start, 1s);
  EXPECT_EQ(heard[0].pieces[0].duration, 5s);
  EXPECT_EQ(heard[0].pieces[1].start, 7s);
  EXPECT_EQ(heard[0].pieces[1].in, 6s);
}

TEST(Plan, AFlickerKeepsTheRectanglesBeforeIt) {
  Meeting m;
  m.manifest.tracks[1].clips = {clip("b", 4s, 160ms)};
  const auto plan = m.plan();
  for (const auto& scene : plan.scenes)
    for (const auto& tile : scene.tiles) EXPECT_NE(plan.tracks[tile.track].id, "boris");
}

TEST(Plan, FromAndToCutTheFilm) {
  const auto plan = Meeting{}.plan({.from = 2s, .to = 5s, .draft = true});
  EXPECT_EQ(plan.frames, (FrameRange{50, 125}));
  EXPECT_EQ(plan.scenes.front().frames.first, 50);
  EXPECT_EQ(plan.scenes.back().frames.end, 125);
  EXPECT_EQ(plan.canvas, (Size{640, 360}));
  EXPECT_EQ(make_plan(Meeting{}.manifest, Meeting{}.media, {.from = 11s, .to = {}}).error().kind,
            Kind::usage);
}

TEST(Plan, ChaptersFollowTheSlidesAndBeginAtZero) {
  const auto plan = Meeting{}.plan();
  EXPECT_EQ(plan.chapters, (std::vector<Chapter>{{0s, "Meeting"}, {2s, "Slide 1"}}));
}

TEST(Slots, ASourceKeepsItsSlotWhileItIsVisible) {
  const auto plan = Meeting{}.plan();
  int with_anna = 0;
  for (const auto& slot : slots(plan, plan.frames)) {
    Nanoseconds end{0};
    bool anna = false;
    for (const auto& p : slot.pieces) {
      EXPECT_GE(p.start, end);
      end = p.start + p.duration;
      if (p.asset != "a") continue;
      anna = true;
      EXPECT_EQ(p.in, p.start - 1s);
    }
    with_anna += anna;
  }
  EXPECT_EQ(with_anna, 1);
}

TEST(Slots, PiecesCoverExactlyTheFramesOfTheirScenes) {
  const auto plan = Meeting{}.plan();
  std::vector<int> shown(static_cast<std::size_t>(plan.frames.end), 0);
  for (const auto& slot : slots(plan, plan.frames))
    for (const auto& p : slot.pieces) {
      const auto frames = plan.grid.range({p.start, p.start + p.duration});
      for (auto n = frames.first; n < frames.end; ++n) ++shown[static_cast<std::size_t>(n)];
    }
  for (std::int64_t n = 0; n < plan.frames.end; ++n)
    ASSERT_EQ(shown[static_cast<std::size_t>(n)], static_cast<int>(tiles_at(plan, n))) << n;
}

TEST(Slots, OfASliceAreTheSlotsOfThatSlice) {
  const auto plan = Meeting{}.plan();
  const auto part = slots(plan, {110, 120});
  ASSERT_EQ(part.size(), 3U);
  for (const auto& slot : part) {
    ASSERT_EQ(slot.pieces.size(), 1U);
    EXPECT_EQ(
        plan.grid.range({slot.pieces[0].start, slot.pieces[0].start + slot.pieces[0].duration}),
        (FrameRange{110, 120}));
    EXPECT_EQ(slot.placements.front().frame, 110);
  }
}

}  // namespace
}  // namespace rostrum
