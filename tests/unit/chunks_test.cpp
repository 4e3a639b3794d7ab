// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunks.h"

#include "core/slice_json.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

// A plan of that many seconds at 25 fps whose scenes begin at these seconds.
Plan plan_of(int seconds, const std::vector<double>& scenes) {
  Plan plan;
  plan.canvas = {1280, 720};
  plan.grid = FrameGrid{{25, 1}};
  plan.frames = {0, seconds * 25};
  std::int64_t first = 0;
  for (const double s : scenes) {
    const auto frame = static_cast<std::int64_t>(s * 25);
    plan.scenes.push_back({{first, frame}, {}, {}});
    first = frame;
  }
  plan.scenes.push_back({{first, plan.frames.end}, {}, {}});
  return plan;
}

std::vector<std::int64_t> cuts(const Plan& plan) {
  std::vector<std::int64_t> found;
  for (const auto& c : cut_chunks(plan)) found.push_back(c.end);
  return found;
}

TEST(Chunks, AreCutEveryThirtySecondsWhereNothingChanges) {
  EXPECT_EQ(cuts(plan_of(100, {})), (std::vector<std::int64_t>{750, 1500, 2250, 2500}));
  EXPECT_EQ(cuts(plan_of(30, {})), (std::vector<std::int64_t>{750}));
  EXPECT_EQ(cuts(plan_of(10, {})), (std::vector<std::int64_t>{250}));
}

TEST(Chunks, EachCutMovesOnItsOwnToTheNearestSceneChange) {
  EXPECT_EQ(cuts(plan_of(100, {27, 34, 54.9, 65, 96})),
            (std::vector<std::int64_t>{675, 1625, 2250, 2500}));
  EXPECT_EQ(cuts(plan_of(100, {28, 32})), (std::vector<std::int64_t>{700, 1500, 2250, 2500}));
}

TEST(Chunks, OneEditMovesOnlyTheCutBesideIt) {
  const auto before = cuts(plan_of(100, {28, 58, 88}));
  const auto after = cuts(plan_of(100, {28, 59, 88}));
  EXPECT_EQ(before[0], after[0]);
  EXPECT_NE(before[1], after[1]);
  EXPECT_EQ(before[2], after[2]);
}

TEST(Chunks, OfAPartStandOnTheJobsOwnGrid) {
  auto plan = plan_of(100, {});
  plan.frames = {1000, 2000};
  EXPECT_EQ(cut_chunks(plan), (std::vector<FrameRange>{{1000, 1500}, {1500, 2000}}));
}

TEST(SoundUnits, CoverEveryPacketOnceAndEncodeWhatTheyNeed) {
  for (const std::int64_t samples : {1LL, 1024LL, 48000LL * 120, 48000LL * 3600 * 3 + 17}) {
    std::int64_t next = 0;
    for (const auto& unit : cut_sound(samples, AudioCodec::aac)) {
      EXPECT_EQ(unit.first_packet, next);
      EXPECT_EQ(unit.first_sample % 1024, 0);
      EXPECT_LE(unit.end_sample, samples);
      EXPECT_EQ(unit.skipped(), unit.first_packet == 0 ? 0 : 4);
      next = unit.end_packet;
    }
    EXPECT_EQ(next, (samples + 1023) / 1024 + 1);
  }
}

TEST(SoundUnits, OfOpusBeginLongBeforeTheirFirstPacket) {
  const std::int64_t samples = 48000LL * 300 + 700;
  std::int64_t next = 0;
  for (const auto& unit : cut_sound(samples, AudioCodec::opus)) {
    EXPECT_EQ(unit.first_packet, next);
    EXPECT_EQ(unit.first_sample % 960, 0);
    if (next > 0) {
      EXPECT_GE(unit.skipped() * 960, 48000 * 80 / 1000) << "RFC 7845, 4.6";
    }
    next = unit.end_packet;
  }
  EXPECT_EQ(next, (samples + 312 + 959) / 960);
}

TEST(SoundUnits, OfFlacAreWholeBlocksAndNothingElse) {
  const std::int64_t samples = 48000LL * 300 + 700;
  std::int64_t next = 0;
  for (const auto& unit : cut_sound(samples, AudioCodec::flac, 10s)) {
    EXPECT_EQ(unit.first_sample, next);
    EXPECT_EQ(unit.first_packet * 4096, next);
    EXPECT_EQ(unit.skipped(), 0);
    next = unit.end_sample;
  }
  EXPECT_EQ(next, samples);
}

TEST(SliceJson, ReadsBackWhatItWrote) {
  Slice slice;
  slice.canvas = {640, 360};
  slice.grid = FrameGrid{{30000, 1001}};
  slice.frames = {10, 20};
  slice.sound = {1s, 2s};
  Piece piece;
  piece.asset = "a \"quoted\" название";
  piece.start = 1s;
  piece.in = 7ns;
  piece.duration = 2s;
  piece.size = {320, 180};
  Piece plain;
  plain.duration = 1s;
  plain.color = 0xff8000;
  slice.slots = {{false, true, 1, {piece}, {{10, {2, 4, 320, 180}}}},
                 {true, false, -1, {plain}, {{10, {}}}}};
  slice.voices = {{"mic", {piece}}};
  slice.ceiling.reset();
  slice.format = {AudioCodec::opus, 1, 64};
  slice.copied = true;
  const auto text = slice_json(slice);
  const auto back = parse_slice(text);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->slots, slice.slots);
  EXPECT_EQ(back->voices, slice.voices);
  EXPECT_EQ(back->ceiling, slice.ceiling);
  EXPECT_EQ(back->format, slice.format);
  EXPECT_TRUE(back->copied);
  EXPECT_EQ(slice_json(*back), text);
}

TEST(SliceJson, AnythingElseIsAnErrorNotACrash) {
  for (const char* text : {"", "{}", "[]", "{\"canvas\":[1]}", "{\"canvas\":\"x\"}"})
    EXPECT_FALSE(parse_slice(text)) << text;
}

}  // namespace
}  // namespace rostrum
