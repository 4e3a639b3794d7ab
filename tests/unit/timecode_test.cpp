// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/timecode.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

struct Case {
  Fraction rate;
  std::int64_t frame;
  const char* text;
};

// Of drop-frame: ST 12-1 leaves out ;00 and ;01 of each minute but every tenth.
const Case kCases[] = {{{25, 1}, 0, "00:00:00:00"},
                       {{25, 1}, 24, "00:00:00:24"},
                       {{25, 1}, 90'000, "01:00:00:00"},
                       {{24000, 1001}, 24 * 3600, "01:00:00:00"},
                       {{50, 1}, 49, "00:00:00:49"},
                       {{30000, 1001}, 1799, "00:00:59;29"},
                       {{30000, 1001}, 1800, "00:01:00;02"},
                       {{30000, 1001}, 17'981, "00:09:59;29"},
                       {{30000, 1001}, 17'982, "00:10:00;00"},
                       {{30000, 1001}, 107'892, "01:00:00;00"},
                       {{60000, 1001}, 3600, "00:01:00;04"},
                       {{60000, 1001}, 35'964, "00:10:00;00"}};

TEST(Timecode, CountsFrames) {
  for (const auto& c : kCases) EXPECT_EQ(Timecode{c.rate}.text(c.frame), c.text) << c.frame;
}

TEST(Timecode, OfADropFrameDayIsADay) {
  EXPECT_EQ(Timecode({30000, 1001}).frames_per_day(), 2'589'408);
  EXPECT_EQ(Timecode({25, 1}).frames_per_day(), 25 * 86'400);
}

// No number twice, none but the dropped ones left out.
TEST(Timecode, EachFrameOfTwentyMinutesHasItsOwnNumber) {
  const Timecode timecode{{30000, 1001}};
  std::string before;
  for (std::int64_t frame = 0; frame < 2 * 17'982; ++frame) {
    const auto text = timecode.text(frame);
    EXPECT_LT(before, text);
    const bool dropped = text.substr(6) == "00;00" || text.substr(6) == "00;01";
    EXPECT_TRUE(!dropped || text[4] == '0') << text;
    before = text;
  }
}

}  // namespace
}  // namespace rostrum
