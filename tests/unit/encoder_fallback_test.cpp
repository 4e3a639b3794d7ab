// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/encoder_fallback.h"
#include "core/session_limit.h"
#include "core/trial_job.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

PictureCoding by(const char* encoder) {
  PictureCoding coding;
  coding.encoder = encoder;
  return coding;
}

TEST(EncoderFallback, GoesThroughTheEncodersOnce) {
  EncoderFallback fallback{{by("a"), by("b"), by("c")}};
  EXPECT_EQ(fallback.current().encoder, "a");
  EXPECT_TRUE(fallback.leave("a"));
  EXPECT_EQ(fallback.current().encoder, "b");
  EXPECT_TRUE(fallback.leave("a"));  // a chunk that was begun before
  EXPECT_EQ(fallback.current().encoder, "b");
  EXPECT_TRUE(fallback.leave("b"));
  EXPECT_FALSE(fallback.leave("c"));
  EXPECT_EQ(fallback.current().encoder, "c");
}

TEST(EncoderFallback, HasNothingForSoundAlone) {
  EncoderFallback fallback{{}};
  EXPECT_TRUE(fallback.empty());
  EXPECT_FALSE(fallback.leave(""));
}

TEST(SessionLimit, IsFoundByTrying) {
  SessionLimit limit;
  EXPECT_TRUE(limit.admits("nvenc", 100));
  EXPECT_EQ(limit.refuse("nvenc", 3, 1), Refusal::share);
  EXPECT_EQ(limit.limit_of("nvenc"), 3);
  EXPECT_TRUE(limit.admits("nvenc", 2));
  EXPECT_FALSE(limit.admits("nvenc", 3));
  EXPECT_TRUE(limit.admits("va", 3));
}

TEST(SessionLimit, OneThatIsAloneWaitsForOthersButNotForEver) {
  SessionLimit limit;
  EXPECT_EQ(limit.refuse("nvenc", 0, 1), Refusal::wait);
  EXPECT_EQ(limit.refuse("nvenc", 0, 10), Refusal::wait);
  EXPECT_EQ(limit.refuse("nvenc", 0, 11), Refusal::failed);
  EXPECT_EQ(limit.limit_of("nvenc"), 0);
}

TEST(SessionLimit, CanBeSet) {
  const SessionLimit limit{2};
  EXPECT_TRUE(limit.admits("nvenc", 1));
  EXPECT_FALSE(limit.admits("nvenc", 2));
}

TEST(TrialJob, ShowsAnotherColourInEachFrame) {
  const auto job = trial_job(by("x264"), {640, 360}, FrameGrid{{25, 1}});
  EXPECT_EQ(job.slice.frames, (FrameRange{0, 10}));
  EXPECT_TRUE(job.coding.hardware);
  ASSERT_EQ(job.slice.slots.size(), 1U);
  const auto& pieces = job.slice.slots.front().pieces;
  ASSERT_EQ(pieces.size(), 10U);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    EXPECT_NE(pieces[i].color, pieces[i - 1].color);
    EXPECT_EQ(pieces[i].start, pieces[i - 1].start + pieces[i - 1].duration);
  }
}

}  // namespace
}  // namespace rostrum
