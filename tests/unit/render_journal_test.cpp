// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/render_journal.h"

#include "core/chunk_job.h"
#include "core/retry.h"
#include "core/still_frames.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rostrum {
namespace {

JournalEntry entry(const char* key) {
  return {key,
          std::string{"chunks/"} + key + ".mp4",
          17,
          "00ff",
          {{"cam", "/tracks/0/clips/0", "short", {1s, 2s}, "it ends"}}};
}

TEST(RenderJournal, ReadsBackEveryLine) {
  const auto entries = parse_journal(journal_line(entry("a")) + journal_line(entry("b")));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].key, "b");
  EXPECT_EQ(entries[1].bytes, 17);
  ASSERT_EQ(entries[1].substitutions.size(), 1U);
  EXPECT_EQ(entries[1].substitutions[0].when, (Interval{1s, 2s}));
}

TEST(RenderJournal, PassesOverATornLastLineAndGarbage) {
  const auto line = journal_line(entry("b"));
  for (std::size_t cut = 0; cut < line.size(); ++cut)
    EXPECT_EQ(parse_journal(journal_line(entry("a")) + line.substr(0, cut)).size(), 1U) << cut;
  EXPECT_EQ(parse_journal("garbage\n{}\n[1]\n" + line).size(), 1U);
}

TEST(ChunkJob, TravelsAsTextWithAnyPath) {
  ChunkJob job;
  job.slice.canvas = {1280, 720};
  job.slice.frames = {0, 10};
  job.paths = {{"cam", "/media/\xff\xfe name/камера.mp4"}};
  job.coding = {"nvenc", "draft", "nvh264enc ! h264parse", "libx 1", true};
  job.on_damage = OnDamage::fail;
  job.raw = true;
  job.output = "/tmp/\x80.mp4";
  const auto back = parse_chunk_job(chunk_job_json(job));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->paths, job.paths);
  EXPECT_EQ(back->output, job.output);
  EXPECT_TRUE(back->raw);
  EXPECT_EQ(back->coding.encoder, "nvenc");
  EXPECT_EQ(back->coding.profile, "draft");
  EXPECT_EQ(back->coding.description, "nvh264enc ! h264parse");
  EXPECT_TRUE(back->coding.hardware);
  EXPECT_EQ(back->on_damage, OnDamage::fail);
  EXPECT_EQ(chunk_recipe(*back), chunk_recipe(job));
}

TEST(ChunkJob, TheRecipeKnowsNoPlaces) {
  ChunkJob a;
  ChunkJob b;
  a.paths = {{"cam", "/here"}};
  b.output = "/there";
  EXPECT_EQ(chunk_recipe(a), chunk_recipe(b));
}

TEST(ChunkJob, TheRecipeOfAPictureKnowsItsEncoderThatOfSoundDoesNot) {
  ChunkJob a;
  ChunkJob b;
  a.coding = {"x264", "balanced", "", "", false};
  b.coding = {"openh264", "draft", "", "", false};
  EXPECT_EQ(chunk_recipe(a), chunk_recipe(b));
  a.slice.frames = b.slice.frames = {0, 10};
  EXPECT_NE(chunk_recipe(a), chunk_recipe(b));
  b.coding.encoder = a.coding.encoder;
  EXPECT_NE(chunk_recipe(a), chunk_recipe(b));
}

// Another distance of its frames is another file.
TEST(ChunkJob, TheRecipeOfAStillNamesItsFrames) {
  ChunkJob job;
  job.slice.frames = {100, 200};
  EXPECT_FALSE(nlohmann::json::parse(chunk_recipe(job)).contains("held"));
  job.slice.still = true;
  const auto recipe = nlohmann::json::parse(chunk_recipe(job));
  EXPECT_EQ(recipe.at("held"), (std::vector<int>{0, 1, 2, 25, 50, 75, 97, 98, 99}));
  EXPECT_EQ(recipe.at("key-frames"), 10'000'000'000);
}

TEST(Retry, FollowsTheCause) {
  using How = WorkerExit::How;
  const struct {
    How how;
    int attempts;
    NextStep step;
  } cases[] = {{How::done, 1, NextStep::accept},          {How::crashed, 1, NextStep::again},
               {How::crashed, 2, NextStep::find_culprit}, {How::stalled, 1, NextStep::again},
               {How::stalled, 2, NextStep::find_culprit}, {How::killed, 1, NextStep::again_fewer},
               {How::killed, 5, NextStep::give_up},       {How::reported, 1, NextStep::give_up}};
  for (const auto& c : cases) EXPECT_EQ(next_step({c.how, {}}, c.attempts), c.step);
}

TEST(Retry, AnEncoderThatFailsIsLeftOneThatIsBusyIsWaitedFor) {
  WorkerExit exit{WorkerExit::How::reported, Error{Kind::encoder, "out of memory"}};
  EXPECT_EQ(next_step(exit, 1), NextStep::other_encoder);
  exit.refused = true;
  EXPECT_EQ(next_step(exit, 1), NextStep::wait_for_session);
  exit.error->kind = Kind::media;
  EXPECT_EQ(next_step(exit, 1), NextStep::give_up);
}

}  // namespace
}  // namespace rostrum
