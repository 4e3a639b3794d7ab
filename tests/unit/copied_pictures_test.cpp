// SPDX-License-Identifier: LGPL-2.1-or-later
// Which frames of a film are a medium's own coded pictures.
#include "core/copied_pictures.h"

#include "core/chunks.h"
#include "core/slice_json.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

namespace rostrum {
namespace {

constexpr Nanoseconds kFrame = 40ms;

// A medium at 25 fps, and which pictures each of its pictures needs.
struct Medium {
  CodedVideo video{.width = 640, .height = 360, .pictures = {}};
  std::vector<std::vector<std::size_t>> needs;

  void add(std::int64_t shown, bool idr, std::vector<std::size_t> needed) {
    video.pictures.push_back({kFrame * shown, idr});
    needs.push_back(std::move(needed));
    video.end = std::max(video.end, kFrame * (shown + 1));
  }
  std::size_t last() const { return video.pictures.size() - 1; }

  // A group of `length` pictures from frame `shown` on, `between` each two of which are `b` others
  // that need both.  An open one begins with b pictures that need the group before, too.
  void add_group(std::int64_t shown, int length, int b, bool open) {
    const auto before = last();
    std::int64_t next = shown + (open ? b : 0);
    add(next, !open, {});
    auto anchor = last();
    if (open)
      for (int i = 0; i < b; ++i) add(shown + i, false, {before, anchor});
    for (const auto end = shown + length; ++next < end;) {
      const auto ahead = std::min<std::int64_t>(b, end - 1 - next);
      add(next + ahead, false, {anchor});
      const auto other = std::exchange(anchor, last());
      for (std::int64_t i = 0; i < ahead; ++i) add(next + i, false, {other, anchor});
      next += ahead;
    }
  }
};

Medium closed_medium(int groups, int length, int b) {
  Medium medium;
  for (int g = 0; g < groups; ++g) medium.add_group(g * length, length, b, false);
  return medium;
}

PicturePlan copied(const Medium& medium, FrameRange frames, Nanoseconds offset = 0ns) {
  return copy_stretch(medium.video, FrameGrid{{25, 1}}, frames, offset, "a");
}

std::vector<FrameRange> ranges(const PicturePlan& pictures) {
  std::vector<FrameRange> found;
  for (const auto& run : pictures.copied) found.push_back(run.frames);
  return found;
}

using Ranges = std::vector<FrameRange>;

TEST(CopiedPictures, GroupsThatAreCutAreComposed) {
  const auto medium = closed_medium(10, 50, 2);
  const auto whole = copied(medium, {0, 500});
  ASSERT_EQ(ranges(whole), (Ranges{{0, 500}}));
  EXPECT_TRUE(whole.composed.empty());
  EXPECT_EQ(whole.copied[0].picture, 0);
  EXPECT_EQ(whole.copied[0].entries.size(), 10U);
  const auto later = copied(medium, {0, 400}, kFrame * 60);
  ASSERT_EQ(ranges(later), (Ranges{{40, 400}}));
  EXPECT_EQ(later.copied[0].picture, 100);
  EXPECT_EQ(later.copied[0].entries.front(), 40);
  ASSERT_EQ(later.composed.size(), 1U);
  EXPECT_EQ(later.composed[0], (ComposedRun{{0, 40}, "a group of pictures is cut here"}));
}

// Frame 399 is decoded before frames 397 and 398: a run may end before or after all three.
TEST(CopiedPictures, ARunEndsWhereNothingThatIsLeftOutIsDecodedBefore) {
  const auto medium = closed_medium(2, 400, 2);
  for (const auto& [end, run] : {std::pair{397, 397}, {398, 397}, {399, 397}, {400, 400}})
    EXPECT_EQ(ranges(copied(medium, {0, end})), (Ranges{{0, run}})) << end;
}

TEST(CopiedPictures, WhatDoesNotFallOneToOneOnTheFramesIsComposed) {
  const auto medium = closed_medium(4, 100, 0);
  const auto faster = copy_stretch(medium.video, FrameGrid{{30, 1}}, {0, 480}, 0ns, "a");
  EXPECT_TRUE(faster.copied.empty());
  EXPECT_EQ(composed_because(faster, {0, 480}),
            "its pictures do not fall one to one on the film's frames");
  auto hole = medium;  // a picture that comes late, as of a screen share
  for (std::size_t i = 150; i < 400; ++i) hole.video.pictures[i].time += kFrame;
  EXPECT_EQ(ranges(copied(hole, {0, 400})), (Ranges{{0, 150}, {201, 400}}));
  auto early = medium;  // shown a frame early, by the tolerance of the grid
  for (auto& picture : early.video.pictures) picture.time += 1ms;
  EXPECT_EQ(ranges(copied(early, {0, 400})), (Ranges{})) << "rounding may decide otherwise";
  for (auto& picture : early.video.pictures) picture.time -= 2us;
  EXPECT_EQ(ranges(copied(early, {0, 400})), (Ranges{{0, 400}}));
}

TEST(CopiedPictures, NothingIsCopiedBeyondTheLastPicture) {
  const auto medium = closed_medium(2, 100, 0);
  EXPECT_EQ(ranges(copied(medium, {0, 300})), (Ranges{{0, 200}}));
  EXPECT_EQ(ranges(copied(medium, {50, 300}, -kFrame * 50)), (Ranges{{50, 250}}));
  auto outside = medium;  // of the edit list
  for (std::size_t i = 0; i < 20; ++i) outside.video.pictures[i].time = kNoTime;
  EXPECT_EQ(ranges(copied(outside, {0, 200})), (Ranges{{100, 200}}));
}

TEST(CopiedPictures, ShortRunsAreComposed) {
  const auto medium = closed_medium(4, 49, 0);
  EXPECT_EQ(ranges(copied(medium, {0, 49})), (Ranges{}));
  EXPECT_EQ(ranges(copied(medium, {0, 50})), (Ranges{{0, 50}}));
  EXPECT_EQ(composed_because(copied(medium, {0, 49}), {0, 49}),
            "what could be copied is too short");
}

// What a run needs is in it; all its frames are there once; and nothing else is.
void expect_sound(const Medium& medium, const PicturePlan& pictures, FrameRange frames,
                  Nanoseconds offset) {
  for (const auto& run : pictures.copied) {
    std::set<Nanoseconds> shown;
    const auto first = static_cast<std::size_t>(run.picture);
    const auto end = first + static_cast<std::size_t>(run.frames.count());
    ASSERT_LE(end, medium.video.pictures.size());
    for (auto i = first; i < end; ++i) {
      shown.insert(medium.video.pictures[i].time - offset);
      for (const auto needed : medium.needs[i]) EXPECT_TRUE(first <= needed && needed < end) << i;
    }
    for (auto n = run.frames.first; n < run.frames.end; ++n)
      EXPECT_TRUE(shown.contains(kFrame * n)) << n;
    for (const auto entry : run.entries)
      for (auto i = first + static_cast<std::size_t>(entry - run.frames.first); i < end; ++i)
        for (const auto needed : medium.needs[i])
          EXPECT_GE(needed, first + static_cast<std::size_t>(entry - run.frames.first));
  }
  std::int64_t count = 0;
  for (const auto& run : pictures.copied) count += run.frames.count();
  for (const auto& run : pictures.composed) count += run.frames.count();
  EXPECT_EQ(count, frames.count());
}

TEST(CopiedPictures, RandomCutsOfRandomGroupsNeverLeaveOutWhatIsNeeded) {
  std::mt19937 random{7};
  const auto upto = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most + 1));
  };
  std::int64_t taken = 0;
  for (int round = 0; round < 300; ++round) {
    Medium medium;
    int length = 0;
    for (int g = 0; g < 8; ++g) {
      const int more = 30 + upto(100);
      medium.add_group(length, more, upto(3), g > 0 && upto(2) == 0);
      length += more;
    }
    const auto offset = kFrame * upto(length / 2);
    const FrameRange frames{0, 60 + upto(length / 2)};
    const auto pictures = copied(medium, frames, offset);
    expect_sound(medium, pictures, frames, offset);
    for (const auto& run : pictures.copied) taken += run.frames.count();
  }
  EXPECT_GT(taken, 20'000);
}

// A job with one clip that fills the canvas.
struct Lecture {
  Manifest manifest;
  MediaMap media;
  PlanOptions options;

  Lecture() {
    manifest.assets = {{"a", "a.mp4", {}, {}}, {"b", "b.mp4", {}, {}}};
    manifest.canvas.automatic = false;
    manifest.canvas.width = 640;
    manifest.canvas.height = 360;
    Clip clip;
    clip.asset = "a";
    manifest.tracks = {{"screen", TrackKind::screen, "", {clip}}};
    for (const char* id : {"a", "b"}) {
      MediaInfo info;
      info.path = id;
      info.video = VideoInfo{640, 360, {25, 1}};
      info.duration = 100s;
      info.coded = closed_medium(10, 250, 2).video;
      media[id] = info;
    }
  }
  Plan plan() const {
    auto made = make_plan(manifest, media, options);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made ? *made : Plan{};
  }
  std::string why() const {
    const auto made = plan();
    return made.pictures.copied.empty() ? composed_because(made.pictures, made.frames) : "";
  }
};

TEST(PicturePlan, OneClipThatFillsTheCanvasIsCopied) {
  const auto plan = Lecture{}.plan();
  EXPECT_EQ(ranges(plan.pictures), (Ranges{{0, 2500}}));
  EXPECT_EQ(cut_chunks(plan), (Ranges{{0, 2500}}));
  const auto slice = make_chunk_slice(plan, {750, 1500});
  EXPECT_TRUE(slice.copied);
  EXPECT_EQ(slice.first_picture, 750);
  EXPECT_NE(slice_json(slice), slice_json(make_picture_slice(plan, {750, 1500})));
  const auto read = parse_slice(slice_json(slice));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->copied);
  EXPECT_EQ(read->first_picture, 750);
}

TEST(PicturePlan, CutsMoveToAPictureThatDecodingCanBeginWith) {
  Lecture lecture;
  lecture.media["a"].coded = closed_medium(60, 400, 0).video;
  lecture.media["a"].duration = 1000s;
  lecture.manifest.tracks[0].clips[0].in = 4s;
  EXPECT_EQ(cut_chunks(lecture.plan()), (Ranges{{0, 300},
                                                {300, 7500},
                                                {7500, 15100},
                                                {15100, 22700},
                                                {22700, 23900},
                                                {23900, 24750},
                                                {24750, 24900}}));
}

TEST(PicturePlan, OfAPartTheSamePicturesAreTaken) {
  Lecture lecture;
  lecture.options.from = 30s;
  lecture.options.to = 60s;
  const auto plan = lecture.plan();
  ASSERT_EQ(ranges(plan.pictures), (Ranges{{750, 1500}}));
  EXPECT_EQ(plan.pictures.copied[0].picture, 750);
}

TEST(PicturePlan, WhateverChangesThePictureIsComposed) {
  const std::pair<const char*, std::function<void(Lecture&)>> cases[] = {
      {"", [](Lecture&) {}},
      {"copying is off", [](Lecture& l) { l.options.copy = false; }},
      {"its medium is not H.264 in an MP4 file", [](Lecture& l) { l.media["a"].coded.reset(); }},
      {"it is so", [](Lecture& l) { l.media["a"].coded->unlike = "it is so"; }},
      {"its pictures are of 320x180, not of the canvas's size",
       [](Lecture& l) {
         l.media["a"].coded->width = 320;
         l.media["a"].coded->height = 180;
       }},
      {"its picture does not fill the canvas", [](Lecture& l) { l.manifest.canvas.width = 720; }},
      {"its pictures do not fall one to one on the film's frames",
       [](Lecture& l) {
         l.manifest.canvas.rate = {30, 1};
       }},
      {"several pictures are shown",
       [](Lecture& l) {
         Clip clip;
         clip.asset = "b";
         l.manifest.tracks.push_back({"cam", TrackKind::camera, "", {clip}});
       }},
      {"something is drawn over it",
       [](Lecture& l) {
         l.manifest.people = {{"ann", "Ann", {}, {}}};
         l.manifest.tracks[0] = {"cam", TrackKind::camera, "ann", l.manifest.tracks[0].clips};
         l.manifest.layout.labels = true;
       }},
  };
  for (const auto& [why, change] : cases) {
    Lecture lecture;
    change(lecture);
    EXPECT_EQ(lecture.why(), why);
  }
}

}  // namespace
}  // namespace rostrum
