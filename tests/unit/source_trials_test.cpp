// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/source_trials.h"

#include "core/still_frames.h"

#include <gtest/gtest.h>

using namespace rostrum;

namespace {

using How = WorkerExit::How;

Piece piece(const std::string& asset, int from, int to) {
  Piece p;
  p.asset = asset;
  p.start = from * 1s;
  p.duration = (to - from) * 1s;
  return p;
}

Slot slot(std::vector<Piece> pieces) {
  Slot s;
  s.pieces = std::move(pieces);
  return s;
}

// Two cameras one after another before a plain colour, and the first one's sound.
ChunkJob two_cameras() {
  ChunkJob job;
  job.output = "chunk.mp4";
  Piece plain = piece("", 0, 9);
  plain.color = 0x102030;
  job.slice.slots.push_back(slot({piece("a", 1, 3), piece("b", 3, 5)}));
  job.slice.slots.push_back(slot({plain}));
  job.slice.voices.push_back({"mic", {piece("a", 2, 6)}});
  return job;
}

WorkerExit ended(How how) { return {how, {}, 1'500'000'000}; }

}  // namespace

TEST(SourceTrials, SourcesAreTheAssetsSeenAndHeardOnce) {
  EXPECT_EQ(sources_of(two_cameras().slice), (std::set<std::string>{"a", "b"}));
}

TEST(SourceTrials, ATrialPlaysOneSourceToNowhere) {
  const auto trial = trial_of(two_cameras(), "b");
  EXPECT_EQ(sources_of(trial.slice), (std::set<std::string>{"b"}));
  EXPECT_TRUE(trial.output.empty());
  EXPECT_EQ(trial.slice.slots[1].pieces.size(), 1U);  // colours harm nobody
}

TEST(SourceTrials, WhatIsLeftOutIsNeitherSeenNorHeard) {
  auto job = two_cameras();
  leave_out(job.slice, "a");
  EXPECT_EQ(sources_of(job.slice), (std::set<std::string>{"b"}));
  EXPECT_TRUE(job.slice.voices[0].pieces.empty());
}

TEST(SourceTrials, AStillKeepsItsFramesWhateverIsLeftOut) {
  Slice still;
  still.frames = {100, 400};
  still.still = true;
  Slot deck;
  deck.slides = true;
  for (const int page : {1, 2})
    deck.pieces.push_back(
        {.asset = "deck", .page = page, .start = page * 6200ms, .duration = 6200ms});
  deck.placements = {{100, {0, 0, 640, 360}}};
  still.slots = {deck};
  const auto coded = coded_frames(still);
  EXPECT_EQ(std::count(coded.begin(), coded.end(), 310), 1);  // 12.4 s, off the seconds
  leave_out(still, "deck");
  EXPECT_TRUE(sources_of(still).empty());
  EXPECT_EQ(coded_frames(still), coded);
}

TEST(SourceTrials, OnlyWhatTheSourceItselfDoesIsItsFault) {
  EXPECT_EQ(verdict(ended(How::done), 1), Verdict::innocent);
  for (const auto how : {How::crashed, How::stalled, How::oversized})
    EXPECT_EQ(verdict(ended(how), 1), Verdict::guilty);
  EXPECT_EQ(verdict({How::reported, Error{Kind::media, "bad"}}, 1), Verdict::guilty);
  EXPECT_EQ(verdict({How::reported, Error{Kind::missing_component, "no x"}}, 1), Verdict::unclear);
  EXPECT_EQ(verdict(ended(How::killed), 1), Verdict::again_fewer);
  EXPECT_EQ(verdict(ended(How::killed), 5), Verdict::unclear);
}

TEST(SourceTrials, TheReportSaysWhatDecodingDoes) {
  const auto slice = two_cameras().slice;
  const auto crash = conviction(slice, "a", ended(How::crashed));
  EXPECT_EQ(crash.asset, "a");
  EXPECT_EQ(crash.when, (Interval{1s, 6s}));
  EXPECT_EQ(crash.what, "damaged");
  EXPECT_EQ(crash.why, "decoding it crashes");
  EXPECT_EQ(conviction(slice, "b", ended(How::stalled)).why, "decoding it never ends");
  EXPECT_EQ(conviction(slice, "b", ended(How::oversized)).why,
            "decoding it takes more than 1500 MB of memory");
  EXPECT_EQ(conviction(slice, "b", {How::reported, Error{Kind::media, "bad"}}).why, "bad");
}

TEST(SourceTrials, WhatNoSourceExplainsIsSaidAsItIs) {
  const auto error = unexplained(two_cameras(), ended(How::oversized));
  EXPECT_EQ(error.kind, Kind::internal);
  EXPECT_EQ(
      error.message,
      "a worker takes more than 1500 MB of memory, but none of its sources alone makes it do so");
}

TEST(SourceTrials, WhatNoSourceExplainsIsTheEncodersFaultWhereThereIsOne) {
  auto job = two_cameras();
  job.slice.frames = {0, 100};
  EXPECT_EQ(unexplained(job, ended(How::crashed)).kind, Kind::encoder);
}

TEST(Retry, AnEncoderThatFailsGivesWayAndOneThatIsBusyIsWaitedFor) {
  WorkerExit encoder{How::reported, Error{Kind::encoder, "out of memory"}};
  EXPECT_EQ(next_step(encoder, 1), NextStep::other_encoder);
  encoder.refused = true;
  EXPECT_EQ(next_step(encoder, 1), NextStep::wait_for_session);
  EXPECT_EQ(next_step({How::reported, Error{Kind::media, "bad"}}, 1), NextStep::give_up);
}

TEST(Retry, AWorkerThatGrowsTooLargeGetsASecondChanceThenItsSourcesAreTried) {
  EXPECT_EQ(next_step(ended(How::oversized), 1), NextStep::again);
  EXPECT_EQ(next_step(ended(How::oversized), 2), NextStep::find_culprit);
}
