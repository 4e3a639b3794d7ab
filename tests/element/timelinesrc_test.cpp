// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timeline_harness.h"

namespace rostrum::test {
namespace {

// The source frame that is to be seen at output frame n.
int expected(int n, Fraction out, Fraction source, Nanoseconds in, int frames) {
  const auto t = FrameGrid{out}.start(n) + in + 1ms;  // rounding of times in the container
  const auto number = scale_floor(t.count(), source.num, source.den * 1'000'000'000);
  return number < frames ? static_cast<int>(number) : -1;
}

class TimelineSrc : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    make_video(folder_->file("25.mp4"), {.frames = 100});
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string file(const std::string& name) { return folder_->file(name); }
  static TempFolder* folder_;
};
TempFolder* TimelineSrc::folder_ = nullptr;

TEST_F(TimelineSrc, ShowsEverySourceFrameOnceAtEqualRates) {
  Player player{{{.location = file("25.mp4"), .duration = 4s}}};
  const auto shown = play_all(player);
  ASSERT_EQ(shown.size(), 100U);
  for (int n = 0; n < 100; ++n) EXPECT_EQ(shown[n], (Shown{n, n * 40ms, 40ms})) << n;
}

struct Rates {
  Fraction source, out;
};
class TimelineSrcRates : public TimelineSrc, public testing::WithParamInterface<Rates> {};

TEST_P(TimelineSrcRates, ShowsTheFrameWhoseSpanHoldsTheTime) {
  const auto& [source, out] = GetParam();
  const int frames = 60;
  make_video(file("rate.mp4"), {.frames = frames, .rate = source});
  for (const auto in : {0ms, 520ms, 1033ms}) {
    Player player{{{.location = file("rate.mp4"), .in = in, .duration = 900ms}}};
    gst_util_set_object_arg(G_OBJECT(player.element()), "framerate",
                            (std::to_string(out.num) + "/" + std::to_string(out.den)).c_str());
    const auto shown = numbers(play_all(player));
    ASSERT_EQ(static_cast<int>(shown.size()), FrameGrid{out}.first_at(900ms));
    for (int n = 0; n < static_cast<int>(shown.size()); ++n)
      EXPECT_EQ(shown[n], expected(n, out, source, in, frames)) << n << " in " << in.count();
  }
}

INSTANTIATE_TEST_SUITE_P(All, TimelineSrcRates,
                         testing::Values(Rates{{30, 1}, {25, 1}}, Rates{{25, 1}, {30, 1}},
                                         Rates{{25, 2}, {25, 1}}, Rates{{30000, 1001}, {25, 1}},
                                         Rates{{25, 1}, {30000, 1001}}));

TEST_F(TimelineSrc, FillsGapsWithBlack) {
  Player player{{{.location = file("25.mp4"), .start = 200ms, .in = 1s, .duration = 200ms},
                 {.location = file("25.mp4"), .start = 600ms, .in = 200ms, .duration = 80ms}}};
  const auto shown = numbers(play_all(player));
  EXPECT_EQ(shown,
            (std::vector<int>{-1, -1, -1, -1, -1, 25, 26, 27, 28, 29, -1, -1, -1, -1, -1, 5, 6}));
}

}  // namespace
}  // namespace rostrum::test
