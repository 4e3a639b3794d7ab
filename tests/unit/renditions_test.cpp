// SPDX-License-Identifier: LGPL-2.1-or-later
// Which renditions a plan has, and where the segments of all of them begin.
#include "core/renditions.h"

#include "core/chunk_job.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rostrum {
namespace {

using Frames = std::vector<std::int64_t>;

Manifest job_with(std::vector<Rendition> renditions) {
  Manifest manifest;
  manifest.assets = {{"a", "a.mp4", {}, {}}};
  Clip clip;
  clip.asset = "a";
  manifest.tracks = {{"screen", TrackKind::screen, "", {clip}}};
  FurtherOutput stream{"a.m3u8", OutputKind::stream};
  stream.renditions = std::move(renditions);
  manifest.output.further = {{"a.mkv", OutputKind::film}, stream};
  return manifest;
}

Result<Plan> plan_of(const Manifest& manifest, const PlanOptions& options = {}) {
  MediaInfo info;
  info.path = "a.mp4";
  info.video = VideoInfo{1280, 720, {25, 1}};
  info.duration = 40s;
  return make_plan(manifest, {{"a", info}}, options);
}

TEST(Renditions, HaveTheCanvasAspectInEvenPixels) {
  EXPECT_EQ(rendition_size({1280, 720}, 360), (Size{640, 360}));
  EXPECT_EQ(rendition_size({1280, 720}, 480), (Size{854, 480}));
  EXPECT_EQ(rendition_size({720, 1280}, 640), (Size{360, 640}));
  EXPECT_EQ(rendition_size({1366, 768}, 432), (Size{768, 432}));
}

TEST(Renditions, ArePlannedOnceEachTheLargestFirst) {
  auto manifest = job_with({{180, "fast"}, {360, ""}});
  auto dash = manifest.output.further[1];
  dash.renditions = {{540, ""}, {180, "fast"}};
  manifest.output.further.push_back(dash);
  const auto plan = plan_of(manifest);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->renditions,
            (std::vector<PlannedRendition>{{{960, 540}, "", "/outputs/3/renditions/0"},
                                           {{640, 360}, "", "/outputs/2/renditions/1"},
                                           {{320, 180}, "fast", "/outputs/2/renditions/0"}}));
  EXPECT_NE(plan_json(*plan).find("\"size\": \"320x180\""), std::string::npos);
}

TEST(Renditions, AreMadeOfPicturesThatAreDecoded) {
  const auto plan = plan_of(job_with({{180, ""}}));
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_TRUE(plan->pictures.copied.empty());
  ASSERT_EQ(plan->pictures.composed.size(), 1u);
  EXPECT_EQ(plan->pictures.composed[0].why, "renditions are made of it");
}

TEST(Renditions, AreNoneOfADraft) {
  const auto plan = plan_of(job_with({{540, ""}}), {.draft = true});
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_TRUE(plan->renditions.empty());
}

TEST(Renditions, AreNotTooNarrow) {
  auto manifest = job_with({{64, ""}});
  manifest.canvas.width = 200;
  manifest.canvas.height = 2000;
  const auto plan = plan_of(manifest);
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find("/renditions/0/height: makes a picture of 6 pixels' width"),
            std::string::npos)
      << plan.error().message;
}

TEST(Renditions, AreSmallerThanACanvasThatOnlyTheMediaGive) {
  auto manifest = job_with({{360, ""}, {720, ""}});
  manifest.canvas.automatic = true;
  const auto plan = plan_of(manifest);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, Kind::manifest);
  EXPECT_EQ(plan.error().message,
            "/outputs/2/renditions/1/height: must be less than the canvas's 720");
}

TEST(Renditions, KeyFramesStandAtMultiplesOfJobTime) {
  const FrameGrid grid{{25, 1}};
  EXPECT_EQ(key_frames(grid, {0, 301}), (Frames{0, 150, 300}));
  EXPECT_EQ(key_frames(grid, {150, 300}), (Frames{150}));
  EXPECT_EQ(key_frames(grid, {151, 300}), (Frames{}));
  EXPECT_EQ(key_frames(FrameGrid{{30000, 1001}}, {100, 400}), (Frames{180, 360}));
}

// However a film is cut into chunks, all of them together have the same key frames.
TEST(Renditions, KeyFramesDoNotDependOnTheChunks) {
  const FrameGrid grid{{24000, 1001}};
  const auto whole = key_frames(grid, {0, 5000});
  for (const std::int64_t length : {7, 144, 719, 720}) {
    Frames parts;
    for (std::int64_t first = 0; first < 5000; first += length) {
      const auto part = key_frames(grid, {first, std::min<std::int64_t>(first + length, 5000)});
      parts.insert(parts.end(), part.begin(), part.end());
    }
    EXPECT_EQ(parts, whole) << length;
  }
}

TEST(Renditions, SegmentsCountFromTheFilmsBeginning) {
  const FrameGrid grid{{25, 1}};
  const auto times = [&](std::int64_t first, std::int64_t end) {
    return segment_times(grid, {first, end});
  };
  EXPECT_EQ(times(0, 500), (std::vector<Nanoseconds>{0s, 5'980ms, 11'980ms, 17'980ms}));
  EXPECT_EQ(times(75, 500), (std::vector<Nanoseconds>{0s, 2'980ms, 8'980ms, 14'980ms}));
  EXPECT_EQ(times(101, 499), (std::vector<Nanoseconds>{0s, 7'940ms})) << "no scrap at either end";
  EXPECT_EQ(times(0, 10), std::vector<Nanoseconds>{0s});
}

TEST(Renditions, BelongToTheRecipeOfAChunkOfPicturesOnly) {
  ChunkJob job;
  job.slice.frames = {0, 10};
  const auto without = chunk_recipe(job);
  job.coding.renditions = {{{640, 360}, "fast", "x264enc"}};
  const auto with = chunk_recipe(job);
  EXPECT_NE(with, without);
  job.coding.renditions[0].size = {640, 358};
  EXPECT_NE(chunk_recipe(job), with);
  job.slice.frames = {};
  EXPECT_EQ(chunk_recipe(job).find("renditions"), std::string::npos);
}

TEST(Renditions, TravelWithTheJobToItsWorker) {
  ChunkJob job;
  job.coding.renditions = {{{640, 360}, "fast", "x264enc ! h264parse"}};
  EXPECT_TRUE(parse_chunk_job(chunk_job_json(job))->coding.renditions.empty()) << "none is written";
  job.rendition_outputs = {"chunks/ключ-360.mp4.part"};
  const auto back = parse_chunk_job(chunk_job_json(job));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->rendition_outputs, job.rendition_outputs);
  ASSERT_EQ(back->coding.renditions.size(), 1u);
  EXPECT_EQ(back->coding.renditions[0].size, (Size{640, 360}));
  EXPECT_EQ(back->coding.renditions[0].description, "x264enc ! h264parse");
}

}  // namespace
}  // namespace rostrum
