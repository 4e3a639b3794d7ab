// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/composed_frame.h"

#include "engine/contact_sheet.h"
#include "media_maker.h"

#include <gst/video/video.h>

namespace rostrum {
namespace {

constexpr Size kCanvas{320, 180};
constexpr FrameRange kFrame{50, 51};

// A camera of two solid colours, the second from frame 50 on, that fills the canvas.
class ComposedFrame : public ::testing::Test {
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

  // Y, U and V in the middle of the frame.
  std::vector<int> middle(FrameRange frames) {
    const auto part = slice(frames);
    const auto frame = compose_frame({part, paths_, OnDamage::substitute, {}});
    EXPECT_TRUE(frame) << (frame ? "" : frame.error().message);
    if (!frame) return {};
    GstVideoInfo info;
    gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, kCanvas.width, kCanvas.height);
    GstVideoFrame mapped;
    EXPECT_TRUE(gst_video_frame_map(&mapped, &info, frame->get(), GST_MAP_READ));
    std::vector<int> values;
    for (guint c = 0; c < 3; ++c) {
      const int x = GST_VIDEO_FRAME_COMP_WIDTH(&mapped, c) / 2;
      const int y = GST_VIDEO_FRAME_COMP_HEIGHT(&mapped, c) / 2;
      values.push_back(
          GST_VIDEO_FRAME_COMP_DATA(&mapped, c)[y * GST_VIDEO_FRAME_COMP_STRIDE(&mapped, c) + x]);
    }
    gst_video_frame_unmap(&mapped);
    return values;
  }

  static int luma_in_the_middle(GstBuffer* frame) {
    std::uint8_t luma = 0;
    gst_buffer_extract(frame, kCanvas.height / 2 * kCanvas.width + kCanvas.width / 2, &luma, 1);
    return luma;
  }

  void expect_color(FrameRange frames, std::vector<int> yuv) {
    const auto found = middle(frames);
    ASSERT_EQ(found.size(), yuv.size());
    for (std::size_t i = 0; i < yuv.size(); ++i) EXPECT_NEAR(found[i], yuv[i], 4) << i;
  }

  test::Folder folder_;
  AssetPaths paths_;
};

TEST_F(ComposedFrame, IsTheOneThatIsAskedFor) {
  expect_color({49, 50}, {63, 102, 240});  // red in BT.709
  expect_color({50, 51}, {173, 42, 26});   // green
}

TEST_F(ComposedFrame, FadesOverTheBackgroundFrameByFrame) {
  auto part = slice({48, 52});
  part.slots[0].opacities = {{49, 500}, {50, 1000}, {51, 250}};
  std::vector<int> luma;
  for (std::int64_t n = 48; n < 52; ++n) {
    auto one = part;
    one.frames = {n, n + 1};
    std::erase_if(one.slots[0].opacities, [n](const Opacity& o) { return o.frame < n; });
    if (one.slots[0].opacities.empty() || one.slots[0].opacities[0].frame > n)
      one.slots[0].opacities.clear();
    const auto frame = compose_frame({one, paths_, OnDamage::substitute, {}});
    ASSERT_TRUE(frame);
    luma.push_back(luma_in_the_middle(frame->get()));
  }
  const int red = 63;
  const int green = 173;
  EXPECT_NEAR(luma[0], red, 4);
  EXPECT_NEAR(luma[1], (red + 16) / 2, 4);
  EXPECT_NEAR(luma[2], green, 4);
  EXPECT_NEAR(luma[3], 16 + (green - 16) / 4, 4);
}

TEST_F(ComposedFrame, OfAMediumThatCannotBePlayedIsBlack) {
  test::write_bytes(paths_["green"], "this is no film");
  expect_color(kFrame, {16, 128, 128});
}

TEST_F(ComposedFrame, OfAMediumThatCannotBePlayedFailsWhereDamageMayNotBe) {
  test::write_bytes(paths_["green"], "this is no film");
  const auto part = slice(kFrame);
  const auto frame = compose_frame({part, paths_, OnDamage::fail, {}});
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().kind, Kind::media);
}

TEST_F(ComposedFrame, IsNotWaitedForOnceStopped) {
  std::stop_source stop;
  stop.request_stop();
  const auto part = slice(kFrame);
  const auto frame = compose_frame({part, paths_, OnDamage::substitute, {}}, stop.get_token());
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().kind, Kind::interrupted);
}

TEST_F(ComposedFrame, MakesNoSheetOnceStopped) {
  Plan plan;
  plan.canvas = kCanvas;
  plan.frames = {0, 25};
  plan.scenes = {{plan.frames, {}, {}}};
  const auto page = contact_page(plan, kCanvas);
  std::stop_source stop;
  stop.request_stop();
  const auto png = draw_contact_sheet({plan, plan, page, paths_, "x"}, stop.get_token());
  ASSERT_FALSE(png);
  EXPECT_EQ(png.error().kind, Kind::interrupted);
  EXPECT_EQ(draw_contact_sheet({plan, plan, page, paths_, "x"})->substr(1, 3), "PNG");
}

}  // namespace
}  // namespace rostrum
