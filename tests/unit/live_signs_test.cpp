// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_signs.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

TEST(LiveSigns, SilenceIsALoss) {
  const LiveSigns signs{.begun = true, .last = 100s};
  EXPECT_EQ(why_lost(signs, 0s, 107s), "");
  EXPECT_NE(why_lost(signs, 0s, 108s), "");
}

TEST(LiveSigns, OpeningMayTakeLonger) {
  const LiveSigns signs{.last = 100s};
  EXPECT_EQ(why_lost(signs, 0s, 119s), "");
  EXPECT_NE(why_lost(signs, 0s, 120s), "");
}

TEST(LiveSigns, WhoIsCalledWaitsForEver) {
  EXPECT_EQ(why_lost({.waits = true, .last = 100s}, 0s, 1h), "");
  EXPECT_NE(why_lost({.begun = true, .waits = true, .last = 100s}, 0s, 1h), "");
}

TEST(LiveSigns, APauseIsNoLoss) {
  for (const bool begun : {true, false}) {
    const LiveSigns signs{.begun = begun, .last = 100s};
    EXPECT_EQ(why_lost(signs, 1000s, 1000s), "");
    EXPECT_EQ(why_lost(signs, 1000s, 1007s), "");
    EXPECT_NE(why_lost(signs, 1000s, 1020s), "");
  }
}

}  // namespace
}  // namespace rostrum
