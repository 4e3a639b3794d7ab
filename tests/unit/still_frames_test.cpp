// SPDX-License-Identifier: LGPL-2.1-or-later
// Stretches in which nothing moves, and which of their frames are encoded.
#include "core/still_frames.h"

#include "core/chunks.h"
#include "core/slice_json.h"
#include "small_meeting.h"

#include <numeric>

namespace rostrum {
namespace {

using test::medium;
using Ranges = std::vector<FrameRange>;
using Frames = std::vector<std::int64_t>;

Clip clip_of(const std::string& asset, Nanoseconds start) {
  Clip clip;
  clip.asset = asset;
  clip.start = start;
  return clip;
}

// Slides of one deck and a voice, with the variable rate.
struct Lecture {
  Manifest manifest;
  MediaMap media;

  explicit Lecture(Nanoseconds length, const std::vector<Nanoseconds>& slides = {0s}) {
    manifest.duration = length;
    manifest.output.variable_rate = true;
    manifest.people = {{"anna", "Anna", Role::presenter}};
    manifest.assets = {{"deck", "deck.pdf", {}, {}}, {"voice", "v.m4a", {}, {}}};
    Track deck{"slides", TrackKind::slides, "", {}};
    for (const auto start : slides) {
      deck.clips.push_back(clip_of("deck", start));
      deck.clips.back().page = static_cast<int>(deck.clips.size());
    }
    manifest.tracks = {deck, {"mic", TrackKind::microphone, "anna", {clip_of("voice", 0s)}}};
    media["deck"] = test::drawing(1280, 720);
    media["deck"].pages = 1000;
    media["voice"] = medium(length, false, true);
  }

  void show_camera(Nanoseconds from, Nanoseconds length) {
    manifest.assets.push_back({"cam", "c.mp4", {}, {}});
    manifest.tracks.push_back({"cam", TrackKind::camera, "anna", {clip_of("cam", from)}});
    media["cam"] = medium(length, true, false);
  }

  Plan plan(const PlanOptions& options = {}) const {
    auto made = make_plan(manifest, media, options);
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made.value_or(Plan{});
  }
};

Frames coded(const Plan& plan, FrameRange chunk) {
  return coded_frames(make_chunk_slice(plan, chunk));
}

// From first on, so many, so far apart.
void append(Frames& frames, std::int64_t first, std::int64_t end, std::int64_t step) {
  for (auto n = first; n < end; n += step) frames.push_back(n);
}

TEST(Stills, AreOnlyWithTheVariableRate) {
  Lecture lecture{60s};
  EXPECT_EQ(lecture.plan().stills, (Ranges{{0, 1500}}));
  lecture.manifest.output.variable_rate = false;
  const auto plan = lecture.plan();
  EXPECT_TRUE(plan.stills.empty());
  EXPECT_EQ(coded_frames(plan).size(), 1500U);
  EXPECT_EQ(cut_chunks(plan), (Ranges{{0, 750}, {750, 1500}}));
}

TEST(Stills, OneFrameASecondIsEncodedAndEveryFrameOfTheEdges) {
  const auto plan = Lecture{60s}.plan();
  ASSERT_EQ(cut_chunks(plan), (Ranges{{0, 1500}}));
  Frames expected{0, 1, 2};
  append(expected, 25, 1497, 25);
  append(expected, 1497, 1500, 1);
  EXPECT_EQ(coded(plan, {0, 1500}), expected);
  EXPECT_EQ(coded_frames(plan), expected);
}

TEST(Stills, AFrameThatDiffersIsEncodedWithoutAnyCut) {
  const auto plan = Lecture{60s, {0s, 20'520ms, 20'560ms, 40s}}.plan();
  EXPECT_EQ(plan.stills, (Ranges{{0, 1500}}));
  const auto frames = coded(plan, {0, 1500});
  for (const std::int64_t change : {513, 514, 1000})
    EXPECT_TRUE(std::binary_search(frames.begin(), frames.end(), change)) << change;
  EXPECT_EQ(frames.size(), 3U + 59U + 3U + 2U);  // 1000 is a whole second
}

TEST(Stills, NamesThatComeAndGoAreChanges) {
  Lecture lecture{60s};
  lecture.manifest.layout.labels = true;
  lecture.manifest.cards = {{CardPlace::time, 30'280ms, 5s, "x", "", 0, 0xffffff}};
  const auto plan = lecture.plan();
  ASSERT_EQ(plan.stills, (Ranges{{0, 1500}}));
  const auto frames = coded(plan, {0, 1500});
  for (const std::int64_t change : {757, 882})
    EXPECT_TRUE(std::binary_search(frames.begin(), frames.end(), change)) << change;
}

TEST(Stills, HaveAFrameWhereASegmentOfARenditionBegins) {
  Lecture lecture{60s, {0s, 20'280ms}};
  const auto plan = lecture.plan();
  const auto slice = make_chunk_slice(plan, {10, 1500});
  const auto plain = coded_frames(slice);
  const auto segmented = coded_frames(slice, true);
  for (std::int64_t key = 150; key < 1500; key += 150) {
    EXPECT_FALSE(std::binary_search(plain.begin(), plain.end(), key)) << key;
    EXPECT_TRUE(std::binary_search(segmented.begin(), segmented.end(), key)) << key;
  }
  EXPECT_EQ(segmented.size(), plain.size() + 9);
}

TEST(Stills, EndWhereACameraComesIn) {
  Lecture lecture{100s};
  lecture.show_camera(40s, 20s);
  const auto plan = lecture.plan();
  EXPECT_EQ(plan.stills, (Ranges{{0, 1000}, {1500, 2500}}));
  EXPECT_EQ(cut_chunks(plan), (Ranges{{0, 1000}, {1000, 1500}, {1500, 2500}}));
  for (const auto& chunk : cut_chunks(plan))
    EXPECT_EQ(make_chunk_slice(plan, chunk).still, chunk.first != 1000);
  Frames expected = coded(plan, {0, 1000});
  append(expected, 1000, 1500, 1);
  const auto last = coded(plan, {1500, 2500});
  expected.insert(expected.end(), last.begin(), last.end());
  EXPECT_EQ(coded_frames(plan), expected);
}

TEST(Stills, LeaveFadesToTheOthers) {
  Lecture lecture{100s};
  lecture.show_camera(40s, 20s);
  lecture.manifest.layout.fade = 400ms;
  const auto plan = lecture.plan();
  for (const auto& still : plan.stills) {
    EXPECT_TRUE(still.end <= 1000 || still.first >= 1500);
    const auto slice = make_chunk_slice(plan, still);
    EXPECT_TRUE(stands_still(slice));
    EXPECT_FALSE(stands_still(make_chunk_slice(plan, {still.first, 1200})) && still.first < 1200);
  }
  ASSERT_EQ(plan.stills.size(), 2U);
  EXPECT_LT(plan.stills[0].end, 1000);    // the slide fades out, for it moves
  EXPECT_GT(plan.stills[1].first, 1500);  // and in again
}

TEST(Stills, ShortStretchesAreComposed) {
  Lecture lecture{60s};
  lecture.show_camera(9s, 41'040ms);
  EXPECT_TRUE(lecture.plan().stills.empty());  // of nine seconds and of 9.96
  lecture.media["cam"].duration = 41s;
  EXPECT_EQ(lecture.plan().stills, (Ranges{{1250, 1500}}));
}

TEST(Stills, OfHoursAreCutEveryTenMinutesAtMost) {
  Lecture lecture{3h};
  const auto chunks = cut_chunks(lecture.plan());
  for (const auto& chunk : chunks) {
    EXPECT_LE(chunk.count(), 25 * 600);
    EXPECT_GE(chunk.count(), 25 * 10);
  }
  EXPECT_LE(chunks.size(), 20U);
  // an edit near the beginning moves no cut beyond it
  lecture.show_camera(100s, 20s);
  auto edited = cut_chunks(lecture.plan());
  EXPECT_EQ(edited[2].end, chunks[0].end);
  edited.erase(edited.begin(), edited.begin() + 3);
  EXPECT_EQ(edited, (Ranges{chunks.begin() + 1, chunks.end()}));
}

TEST(Stills, OfAFractionalRateStayOnItsFrames) {
  Lecture lecture{60s, {0s, 20s}};
  lecture.manifest.canvas.rate = {30000, 1001};
  const auto plan = lecture.plan();
  const auto frames = coded_frames(plan);
  ASSERT_EQ(cut_chunks(plan).size(), 1U);
  EXPECT_EQ(frames.front(), 0);
  EXPECT_EQ(frames.back(), plan.frames.end - 1);
  const auto change = plan.grid.first_at(20s);
  EXPECT_TRUE(std::binary_search(frames.begin(), frames.end(), change));
  for (std::size_t i = 1; i < frames.size(); ++i) EXPECT_LE(frames[i] - frames[i - 1], 30);
}

TEST(Stills, OfVeryFewFramesHaveThemAll) {
  Slice slice;
  slice.grid = FrameGrid{{25, 1}};
  slice.still = true;
  for (const std::int64_t count : {1, 2, 5, 6}) {
    slice.frames = {100, 100 + count};
    Frames all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 100);
    EXPECT_EQ(coded_frames(slice), all);
  }
  slice.frames = {100, 107};
  EXPECT_EQ(coded_frames(slice), (Frames{100, 101, 102, 104, 105, 106}));
}

TEST(Stills, OfAPartOfTheJobBeginWithIt) {
  PlanOptions part;
  part.from = 30s;
  part.to = 50s;
  const auto plan = Lecture{60s, {0s, 40s}}.plan(part);
  EXPECT_EQ(plan.stills, (Ranges{{750, 1250}}));
  EXPECT_EQ(coded_frames(plan).front(), 750);
  EXPECT_EQ(coded_frames(plan).back(), 1249);
}

TEST(Stills, ASliceSaysSoAndGivesAnotherChunk) {
  const auto plan = Lecture{60s}.plan();
  const auto still = make_chunk_slice(plan, {0, 1500});
  const auto read = parse_slice(slice_json(still));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->still);
  EXPECT_NE(slice_json(still), slice_json(make_picture_slice(plan, {0, 1500})));
}

TEST(Stills, ThePlanSaysHowManyFramesAreEncoded) {
  Lecture lecture{60s};
  const auto plan = lecture.plan();
  EXPECT_NE(plan_json(plan).find("\"still\": 65"), std::string::npos) << plan_json(plan);
  EXPECT_NE(explain(plan, lecture.manifest, lecture.media, 20s).find("stands still"),
            std::string::npos);
}

// What each frame shows: the pages, where they stand, and what is drawn over them.
std::string shown(const Slice& slice, std::int64_t frame) {
  std::string text;
  for (const auto& slot : slice.slots) {
    for (const auto& piece : slot.pieces)
      if (slice.grid.first_at(piece.start) <= frame &&
          frame < slice.grid.first_at(piece.start + piece.duration))
        text += piece.asset + std::to_string(piece.page) + " ";
    for (auto it = slot.placements.rbegin(); it != slot.placements.rend(); ++it)
      if (it->frame <= frame || std::next(it) == slot.placements.rend()) {
        text += std::to_string(it->rect.x) + "x" + std::to_string(it->rect.width) + " ";
        break;
      }
  }
  for (const auto& overlay : slice.overlays)
    if (overlay.frames.contains(frame)) text += overlay.text + " ";
  return text;
}

TEST(Gathered, ShowsOfEachFrameWhatTheSliceShows) {
  Lecture lecture{60s, {0s, 20'520ms, 20'560ms, 40s}};
  lecture.manifest.cards = {{CardPlace::time, 30'280ms, 5s, "x", "", 0, 0xffffff}};
  lecture.manifest.canvas.rate = {30000, 1001};
  const auto plan = lecture.plan();
  const auto slice = make_chunk_slice(plan, plan.frames);
  ASSERT_TRUE(stands_still(slice));
  for (const auto& frames : {coded_frames(slice), picture_changes(slice)}) {
    const auto few = gathered(slice, frames);
    ASSERT_EQ(few.frames.count(), std::ssize(frames));
    for (std::size_t k = 0; k < frames.size(); ++k)
      EXPECT_EQ(shown(few, few.frames.first + static_cast<std::int64_t>(k)),
                shown(slice, frames[k]))
          << frames[k];
  }
  // nothing changes between them
  const auto changes = picture_changes(slice);
  for (auto n = slice.frames.first; n < slice.frames.end; ++n)
    EXPECT_EQ(shown(slice, n),
              shown(slice, *std::prev(std::upper_bound(changes.begin(), changes.end(), n))));
}

TEST(Gathered, TimesAreFoundAgain) {
  const auto plan = Lecture{60s, {0s, 20s, 40s}}.plan();
  const auto slice = make_chunk_slice(plan, plan.frames);
  const auto changes = picture_changes(slice);
  ASSERT_EQ(changes, (Frames{0, 500, 1000}));
  const auto few = gathered(slice, changes);
  const auto& pieces = few.slots.front().pieces;
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[1].start, 40ms);
  EXPECT_EQ(spread({40ms, 80ms}, slice, changes), (Interval{20s, 40s}));
  EXPECT_EQ(spread({80ms, 120ms}, slice, changes), (Interval{40s, 60s}));
}

TEST(Gathered, OfAMovingSliceThereIsNone) {
  Lecture lecture{60s};
  lecture.show_camera(0s, 60s);
  const auto plan = lecture.plan();
  EXPECT_TRUE(composed_frames(make_chunk_slice(plan, {0, 750})).empty());
}

}  // namespace
}  // namespace rostrum
