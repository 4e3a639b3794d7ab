// SPDX-License-Identifier: LGPL-2.1-or-later
// A chunk job whose output are its frames as they are composed.
#include "engine/chunk_check.h"
#include "engine/render_pipeline.h"
#include "engine/runner.h"
#include "media_maker.h"

namespace rostrum {
namespace {

constexpr Size kCanvas{320, 180};
constexpr FrameRange kFrame{50, 51};

// A camera of two solid colours, the second from frame 50 on, that fills the canvas.
class RawFrames : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* half : {"0xffff0000", "0xff00ff00"})
      test::run_pipeline(
          "videotestsrc num-buffers=50 pattern=solid-color foreground-color=" + std::string{half} +
          " ! video/x-raw,format=I420,width=320,height=180,framerate=25/1 ! "
          "x264enc key-int-max=100 ! h264parse ! mp4mux ! filesink location=" +
          (folder_ / (half + std::string{".mp4"})));
    paths_ = {{"red", folder_ / "0xffff0000.mp4"}, {"green", folder_ / "0xff00ff00.mp4"}};
  }

  Slice slice(FrameRange frames) const {
    Slice slice{kCanvas, FrameGrid{{25, 1}}, frames, {}, {}, {}, {}};
    Slot slot{.pieces = {}, .placements = {{0, {0, 0, kCanvas.width, kCanvas.height}}}};
    for (const char* asset : {"red", "green"})
      slot.pieces.push_back({.asset = asset,
                             .start = slot.pieces.empty() ? 0s : 2s,
                             .duration = 2s,
                             .size = kCanvas,
                             .color = {}});
    slice.slots = {slot};
    return slice;
  }

  // The bytes of the frames, once they are all there.
  Result<std::string> render(const Slice& slice, OnDamage on_damage = OnDamage::substitute) const {
    ChunkJob job;
    job.slice = slice;
    job.paths = paths_;
    job.on_damage = on_damage;
    job.raw = true;
    job.output = folder_ / "frames";
    const auto pipeline = make_render_pipeline(job);
    if (!pipeline) return tl::unexpected(pipeline.error());
    if (auto done = run_pipeline(pipeline->get(), {}); !done) return tl::unexpected(done.error());
    if (auto whole = check_chunk(job); !whole) return tl::unexpected(whole.error());
    return test::read_bytes(job.output);
  }

  // Y, U and V in the middle of the first frame.
  static std::vector<int> middle(const std::string& bytes) {
    constexpr std::size_t kLuma = std::size_t{kCanvas.width} * kCanvas.height;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
    constexpr std::size_t kChroma = kLuma / 4 / 2 + kCanvas.width / 4;
    return {at(kLuma / 2 + kCanvas.width / 2), at(kLuma + kChroma),
            at(kLuma + kLuma / 4 + kChroma)};
  }

  void expect_color(FrameRange frames, std::vector<int> yuv) {
    const auto bytes = render(slice(frames));
    ASSERT_TRUE(bytes) << bytes.error().message;
    const auto found = middle(*bytes);
    for (std::size_t i = 0; i < yuv.size(); ++i) EXPECT_NEAR(found[i], yuv[i], 4) << i;
  }

  test::Folder folder_;
  AssetPaths paths_;
};

TEST_F(RawFrames, AreThoseThatAreAskedFor) {
  expect_color({49, 50}, {63, 102, 240});  // red in BT.709
  expect_color({50, 51}, {173, 42, 26});   // green
}

TEST_F(RawFrames, FadeOverTheBackgroundFrameByFrame) {
  auto part = slice({48, 52});
  part.slots[0].opacities = {{49, 500}, {50, 1000}, {51, 250}};
  std::vector<int> luma;
  for (std::int64_t n = 48; n < 52; ++n) {
    auto one = part;
    one.frames = {n, n + 1};
    std::erase_if(one.slots[0].opacities, [n](const Opacity& o) { return o.frame < n; });
    if (one.slots[0].opacities.empty() || one.slots[0].opacities[0].frame > n)
      one.slots[0].opacities.clear();
    const auto frame = render(one);
    ASSERT_TRUE(frame);
    luma.push_back(middle(*frame)[0]);
  }
  const int red = 63;
  const int green = 173;
  const int half = (red + 16) / 2;
  const int quarter = 16 + (green - 16) / 4;
  EXPECT_NEAR(luma[0], red, 4);
  EXPECT_NEAR(luma[1], half, 4);
  EXPECT_NEAR(luma[2], green, 4);
  EXPECT_NEAR(luma[3], quarter, 4);
}

TEST_F(RawFrames, OfAMediumThatCannotBePlayedAreBlack) {
  test::write_bytes(paths_["green"], "this is no film");
  expect_color(kFrame, {16, 128, 128});
}

TEST_F(RawFrames, OfAMediumThatCannotBePlayedFailWhereDamageMayNotBe) {
  test::write_bytes(paths_["green"], "this is no film");
  const auto frame = render(slice(kFrame), OnDamage::fail);
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().kind, Kind::media);
}

TEST_F(RawFrames, StandOneAfterTheOther) {
  const auto all = render(slice({48, 52}));
  ASSERT_TRUE(all) << all.error().message;
  const auto one = std::size_t{kCanvas.width} * kCanvas.height * 3 / 2;
  ASSERT_EQ(all->size(), 4 * one);
  EXPECT_NEAR(middle(*all)[0], 63, 4);
  EXPECT_NEAR(middle(all->substr(2 * one))[0], 173, 4);
}

TEST_F(RawFrames, ThatAreNotAllThereAreNoChunk) {
  ChunkJob job;
  job.slice = slice(kFrame);
  job.raw = true;
  job.output = folder_ / "frames";
  test::write_bytes(job.output, "too few bytes");
  const auto whole = check_chunk(job);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().kind, Kind::internal);
}

}  // namespace
}  // namespace rostrum
