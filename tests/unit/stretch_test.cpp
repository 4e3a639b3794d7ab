// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/stretch.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

using Stretches = std::vector<Stretch>;

const FrameGrid kGrid{{25, 1}};
constexpr std::optional<std::size_t> kGap;

TEST(LayOut, FillsTheProgrammeWithGaps) {
  EXPECT_EQ(lay_out({}, kGrid, {0, 10}), (Stretches{{{0, 10}, kGap}}));
  EXPECT_EQ(
      lay_out({{1s, 2s}, {3s, 4s}}, kGrid, {0, 125}),
      (Stretches{
          {{0, 25}, kGap}, {{25, 50}, 0}, {{50, 75}, kGap}, {{75, 100}, 1}, {{100, 125}, kGap}}));
}

TEST(LayOut, CutsToTheProgramme) {
  EXPECT_EQ(lay_out({{0s, 2s}, {2s, 9s}}, kGrid, {30, 60}),
            (Stretches{{{30, 50}, 0}, {{50, 60}, 1}}));
  EXPECT_EQ(lay_out({{0s, 1s}, {5s, 9s}}, kGrid, {30, 60}), (Stretches{{{30, 60}, kGap}}));
  EXPECT_EQ(lay_out({{0s, 1s}}, kGrid, {5, 5}), Stretches{});
}

TEST(LayOut, TheLaterOfTwoCutsTheEarlier) {
  EXPECT_EQ(lay_out({{0s, 10s}, {1s, 2s}}, kGrid, {0, 75}),
            (Stretches{{{0, 25}, 0}, {{25, 50}, 1}, {{50, 75}, kGap}}));
  EXPECT_EQ(lay_out({{1s, 2s}, {0s, 10s}}, kGrid, {0, 50}),
            (Stretches{{{0, 25}, 1}, {{25, 50}, 0}}));
  EXPECT_EQ(lay_out({{0s, 1s}, {0s, 1s}}, kGrid, {0, 25}), (Stretches{{{0, 25}, 1}}));
}

TEST(LayOut, LeavesOutWhatHoldsNoFrame) {
  EXPECT_EQ(lay_out({{0s, 1s}, {1002ms, 1030ms}, {1030ms, 2s}}, kGrid, {0, 50}),
            (Stretches{{{0, 25}, 0}, {{25, 26}, kGap}, {{26, 50}, 2}}));
}

}  // namespace
}  // namespace rostrum
