// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/clip_schedule.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

TimelineClip clip(Nanoseconds start, Nanoseconds duration, const char* location = "a") {
  TimelineClip c;
  c.location = location;
  c.start = start;
  c.duration = duration;
  return c;
}

TEST(ClipSchedule, SortsAndLetsTheLaterCutTheEarlier) {
  const ClipSchedule s{{clip(5s, 3s), clip(1s, 9s), clip(9s, 0s)}};
  ASSERT_EQ(s.clips().size(), 2U);
  EXPECT_EQ(s.clips()[0].start, 1s);
  EXPECT_EQ(s.clips()[0].duration, 4s);
  EXPECT_EQ(s.end(), 8s);
}

TEST(ClipSchedule, FindsTheClipOrGapOfAFrame) {
  const ClipSchedule s{{clip(1s, 1s), clip(3s, 2s)}};
  const FrameGrid grid{{25, 1}};
  struct Case {
    std::int64_t frame;
    std::size_t clip;
    bool gap;
    std::int64_t until;
  };
  for (const auto& c :
       {Case{0, 0, true, 25}, Case{24, 0, true, 25}, Case{25, 0, false, 50}, Case{49, 0, false, 50},
        Case{50, 1, true, 75}, Case{75, 1, false, 100}, Case{125, 2, true, 100}}) {
    const auto spot = s.at_frame(grid, c.frame, 100);
    EXPECT_EQ(spot.clip, c.clip) << c.frame;
    EXPECT_EQ(spot.gap, c.gap) << c.frame;
    EXPECT_EQ(spot.until, c.until) << c.frame;
  }
}

TEST(ClipSchedule, CountsSamplesFromJobTimeZero) {
  const ClipSchedule s{{clip(10416us, 1s)}};  // 499.968 samples
  EXPECT_TRUE(s.at_sample(499, 100000).gap);
  EXPECT_FALSE(s.at_sample(500, 100000).gap);
  EXPECT_EQ(s.at_sample(500, 100000).until, 48500);
}

TEST(Samples, AreRoundedFromAbsoluteTime) {
  EXPECT_EQ(sample_at(1s), 48000);
  EXPECT_EQ(sample_at(-1s), -48000);
  EXPECT_EQ(sample_at(3600s + 10417ns), 172800001);  // half a sample, rounded up
  EXPECT_EQ(sample_at(3600s + 10416ns), 172800000);
  EXPECT_EQ(sample_time(48000 * 3600LL), 3600s);
}

TEST(CarriesOn, OnlyOverAShortWayForwardInTheSameFile) {
  const auto next = clip(0s, 1s);
  EXPECT_TRUE(carries_on("a", 4s, next, 4s));
  EXPECT_TRUE(carries_on("a", 4s, next, 6s));
  EXPECT_FALSE(carries_on("a", 4s, next, 8s));
  EXPECT_FALSE(carries_on("a", 4s, next, 3s));
  EXPECT_FALSE(carries_on("b", 4s, next, 4s));
}

TEST(ChooseFrame, ShowsTheFrameWhoseSpanHoldsTheTime) {
  const FrameTime now{1000ms, 40ms};
  const FrameTime next{1040ms, 40ms};
  const FrameTime late{5000ms, 40ms};
  struct Case {
    Nanoseconds t;
    Nanoseconds hold;
    std::optional<FrameTime> current, ahead;
    bool ended;
    FrameVerdict verdict;
  };
  const auto none = std::optional<FrameTime>{};
  for (const auto& c : {
           Case{1000ms, 2s, none, now, false, FrameVerdict::advance},
           Case{999ms, 2s, none, now, false, FrameVerdict::advance},  // container rounding
           Case{998ms, 2s, none, now, false, FrameVerdict::gap},
           Case{1000ms, 2s, now, none, false, FrameVerdict::wait},
           Case{1038ms, 2s, now, next, false, FrameVerdict::show},
           Case{1039ms, 2s, now, next, false, FrameVerdict::advance},
           Case{2999ms, 2s, now, late, false, FrameVerdict::show},
           Case{3000ms, 2s, now, late, false, FrameVerdict::gap},
           Case{1020ms, 0s, now, late, false, FrameVerdict::show},
           Case{4900ms, kUntilNext, now, late, false, FrameVerdict::show},
           Case{1030ms, 2s, now, none, true, FrameVerdict::show},
           Case{1040ms, kUntilNext, now, none, true, FrameVerdict::gap},  // never past the last
           Case{1000ms, 2s, none, none, true, FrameVerdict::gap},
       })
    EXPECT_EQ(choose_frame(c.t, c.hold, c.current, c.ahead, c.ended), c.verdict)
        << c.t.count() << " hold " << c.hold.count();
}

TEST(PlaceInBox, FitsKeepingTheAspect) {
  EXPECT_EQ(place_in_box({640, 360}, {320, 180}), (Rect{0, 0, 320, 180}));
  EXPECT_EQ(place_in_box({640, 361}, {320, 180}), (Rect{0, 0, 320, 180}));  // rounding only
  EXPECT_EQ(place_in_box({640, 480}, {320, 180}), (Rect{40, 0, 240, 180}));
  EXPECT_EQ(place_in_box({100, 50}, {100, 100}), (Rect{0, 24, 100, 50}));
}

}  // namespace
}  // namespace rostrum
