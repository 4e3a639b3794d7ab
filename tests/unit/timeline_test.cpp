// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/timeline.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

TEST(FrameGrid, StartsDoNotDrift) {
  const FrameGrid ntsc{{30000, 1001}};
  EXPECT_EQ(ntsc.start(0), 0ns);
  EXPECT_EQ(ntsc.start(1), 33'366'666ns);
  EXPECT_EQ(ntsc.start(30000 * 36), 1001s * 36);  // ten hours
  EXPECT_EQ(FrameGrid({25, 1}).start(90001), 3600s + 40ms);
}

TEST(FrameGrid, CountsFramesRoundingHalfUp) {
  const FrameGrid grid{{25, 1}};
  EXPECT_EQ(grid.frames(120s), 3000);
  EXPECT_EQ(grid.frames(20ms), 1);
  EXPECT_EQ(grid.frames(19'999'999ns), 0);
  EXPECT_EQ(FrameGrid({30000, 1001}).frames(3600s * 10), 1'078'921);
}

TEST(FrameGrid, AFrameBelongsToAnIntervalFromOneMillisecondBefore) {
  const FrameGrid grid{{25, 1}};
  EXPECT_EQ(grid.first_at(0ms), 0);
  EXPECT_EQ(grid.first_at(1ms), 0);
  EXPECT_EQ(grid.first_at(1'000'001ns), 1);
  EXPECT_EQ(grid.first_at(40ms), 1);
  EXPECT_EQ(grid.first_at(41ms), 1);
  EXPECT_EQ(grid.first_at(42ms), 2);
  EXPECT_EQ(grid.range({40ms, 80ms}), (FrameRange{1, 2}));
}

TEST(SliceGrid, CountsFromItsOwnFirstFrame) {
  const FrameGrid grid{{30000, 1001}};
  const SliceGrid slice{grid, 7};
  EXPECT_EQ(slice.pts(7), grid.start(7));
  EXPECT_EQ(slice.pts(9) - slice.pts(7), grid.start(2));
  EXPECT_EQ(slice.duration(7), grid.start(1));
}

TEST(Time, ParsesSecondsAndClock) {
  EXPECT_EQ(parse_time("83.5"), 83'500ms);
  EXPECT_EQ(parse_time("1:23.5"), 83'500ms);
  EXPECT_EQ(parse_time("1:02:03.004"), 3'723'004ms);
  for (const char* bad :
       {"", "-1", "1:60", "1:2:3:4", "a", "1.5:00", "1e3", "nan", "1..2", "9999999:00:00"})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(Time, FormatsToMilliseconds) {
  EXPECT_EQ(format_time(3'723'004ms), "1:02:03.004");
  EXPECT_EQ(format_time(0ns), "0:00:00.000");
}

}  // namespace
}  // namespace rostrum
