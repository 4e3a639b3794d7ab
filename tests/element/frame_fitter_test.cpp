// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/frame_fitter.h"

#include "test_media.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace rostrum::test {
namespace {

constexpr Size kSize{64, 48};

std::vector<std::uint8_t> bytes(GstBuffer* buffer) {
  std::vector<std::uint8_t> out(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, out.data(), out.size());
  return out;
}

// A smooth picture with all colours in it.
GstPtr<GstSample> gradient(const char* caps_text, int lowest = 16, int highest = 235) {
  const auto caps = adopt(gst_caps_from_string(caps_text));
  GstVideoInfo info;
  gst_video_info_from_caps(&info, caps.get());
  const auto buffer = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  GstVideoFrame frame;
  gst_video_frame_map(&frame, &info, buffer.get(), GST_MAP_WRITE);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, c); ++y)
      for (int x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH(&frame, c); ++x) {
        const double u = static_cast<double>(x) / GST_VIDEO_FRAME_COMP_WIDTH(&frame, c);
        const double v = static_cast<double>(y) / GST_VIDEO_FRAME_COMP_HEIGHT(&frame, c);
        const double value = c == 0 ? 0.3 + 0.4 * u * v : c == 1 ? 0.3 + 0.4 * u : 0.3 + 0.4 * v;
        GST_VIDEO_FRAME_COMP_DATA(&frame, c)
        [y * GST_VIDEO_FRAME_COMP_STRIDE(&frame, c) + x * GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, c)] =
            static_cast<std::uint8_t>(lowest + (highest - lowest) * value);
      }
  gst_video_frame_unmap(&frame);
  GST_BUFFER_PTS(buffer.get()) = 0;
  return adopt(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
}

// What GStreamer's own elements make of a sample.
std::vector<std::uint8_t> through(const char* elements, GstSample* sample) {
  const auto launch =
      std::string{"appsrc name=s format=time ! "} + elements + " ! appsink name=o sync=false";
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "o"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  gst_app_src_push_sample(GST_APP_SRC(source.get()), sample);
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
  const auto made = adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), 10 * GST_SECOND));
  auto out = made ? bytes(gst_sample_get_buffer(made.get())) : std::vector<std::uint8_t>{};
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return out;
}

int worst_difference(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  if (a.size() != b.size() || a.empty()) return 256;
  int worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

struct Space {
  const char* caps;
  int lowest, highest;
};

class FitColors : public testing::TestWithParam<Space> {};

TEST_P(FitColors, AreThoseOfGStreamersConverter) {
  const auto& [colors, lowest, highest] = GetParam();
  const auto caps = std::string{"video/x-raw,width=64,height=48,framerate=25/1,"} + colors;
  const auto sample = gradient(caps.c_str(), lowest, highest);
  FrameFitter fitter;
  const auto made = fitter.fit(sample.get(), GST_VIDEO_ORIENTATION_IDENTITY, kSize);
  ASSERT_TRUE(made);
  const auto wanted = through(
      "videoconvert dither=none chroma-resampler=linear ! "
      "video/x-raw,format=I420,colorimetry=bt709",
      sample.get());
  EXPECT_LE(worst_difference(bytes(made.get()), wanted), 2) << colors;
}

INSTANTIATE_TEST_SUITE_P(All, FitColors,
                         testing::Values(Space{"format=I420,colorimetry=bt709", 16, 235},
                                         Space{"format=I420,colorimetry=bt601", 16, 235},
                                         Space{"format=I420", 16, 235},  // SD: bt601
                                         Space{"format=NV12,colorimetry=bt601", 16, 235},
                                         Space{"format=Y42B,colorimetry=bt601", 16, 235}));

TEST(Fit, TakesColorsByTheMatrixThatIsSaid) {
  const auto fitted = [](const char* colorimetry, Colors colors) {
    const auto sample = gradient(
        (std::string{"video/x-raw,width=64,height=48,framerate=25/1,format=I420"} + colorimetry)
            .c_str(),
        16, 235);
    FrameFitter fitter;
    const auto made =
        fitter.fit(sample.get(), GST_VIDEO_ORIENTATION_IDENTITY, kSize, Fit::contain, colors);
    return made ? bytes(made.get()) : std::vector<std::uint8_t>{};
  };
  const auto hd = fitted(",colorimetry=bt709", Colors::own);
  const auto sd = fitted(",colorimetry=bt601", Colors::own);
  EXPECT_GT(worst_difference(hd, sd), 5);
  EXPECT_EQ(fitted("", Colors::bt709), hd);
  EXPECT_EQ(fitted(",colorimetry=bt601", Colors::bt709), hd);
  EXPECT_EQ(fitted(",colorimetry=bt709", Colors::bt601), sd);
}

TEST(Fit, KnowsFullRangeWithoutAMatrix) {
  for (const char* format : {"I420", "Y444"}) {
    const auto caps =
        std::string{
            "video/x-raw,width=64,height=48,framerate=25/1,colorimetry=1:0:0:0,"
            "format="} +
        format;
    const auto grey = gradient(caps.c_str(), 128, 128);
    FrameFitter fitter;
    const auto made = fitter.fit(grey.get(), GST_VIDEO_ORIENTATION_IDENTITY, kSize);
    ASSERT_TRUE(made);
    EXPECT_NEAR(bytes(made.get())[100], 16 + 128 * 219.0 / 255, 1) << format;
  }
}

// One pixel by the book.
std::array<double, 3> to_bt709(const YuvSpace& from, std::array<double, 3> yuv) {
  const double black = from.full_range ? 0 : 16;
  const double y = (yuv[0] - black) / (from.full_range ? 255 : 219);
  const double cb = (yuv[1] - 128) / (from.full_range ? 255 : 224);
  const double cr = (yuv[2] - 128) / (from.full_range ? 255 : 224);
  const double r = y + 2 * (1 - from.kr) * cr;
  const double b = y + 2 * (1 - from.kb) * cb;
  const double g = (y - from.kr * r - from.kb * b) / (1 - from.kr - from.kb);
  const double luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return {16 + 219 * luma, 128 + 224 * (b - luma) / 1.8556, 128 + 224 * (r - luma) / 1.5748};
}

// GStreamer's converter leaves the range of 4:2:0 to 4:2:0 as it is, so arithmetic is the witness.
TEST(ColorMatrix, IsRightToOneStep) {
  for (const bool full : {false, true})
    for (const auto& [kr, kb] : {std::pair{0.299, 0.114}, {0.2126, 0.0722}, {0.2627, 0.0593}})
      for (int y = 40; y <= 200; y += 20)
        for (int u = 88; u <= 168; u += 8)
          for (int v = 88; v <= 168; v += 8) {
            std::array<std::uint8_t, 64> luma;
            std::array<std::uint8_t, 16> cb;
            std::array<std::uint8_t, 16> cr;
            luma.fill(static_cast<std::uint8_t>(y));
            cb.fill(static_cast<std::uint8_t>(u));
            cr.fill(static_cast<std::uint8_t>(v));
            const YuvSpace from{kr, kb, full};
            ColorMatrix{from}.apply({{luma.data(), cb.data(), cr.data()}, {16, 8, 8}, 16, 4});
            const auto exact = to_bt709(
                from, {static_cast<double>(y), static_cast<double>(u), static_cast<double>(v)});
            ASSERT_NEAR(luma[37], std::clamp(exact[0], 0., 255.), 1.01)
                << y << ' ' << u << ' ' << v;
            ASSERT_NEAR(cb[9], std::clamp(exact[1], 0., 255.), 1.01) << y << ' ' << u << ' ' << v;
            ASSERT_NEAR(cr[15], std::clamp(exact[2], 0., 255.), 1.01) << y << ' ' << u << ' ' << v;
          }
}

// Turned like videoflip turns it.
class FitTurns : public testing::TestWithParam<std::pair<GstVideoOrientationMethod, const char*>> {
};

TEST_P(FitTurns, LikeVideoflip) {
  const auto& [method, name] = GetParam();
  const auto sample =
      gradient("video/x-raw,format=I420,width=64,height=48,framerate=25/1,colorimetry=bt709");
  FrameFitter fitter;
  const auto made = fitter.fit(sample.get(), method, {});
  ASSERT_TRUE(made);
  const auto flip = std::string{"videoflip video-direction="} + name;
  EXPECT_EQ(bytes(made.get()), through(flip.c_str(), sample.get()));
}

INSTANTIATE_TEST_SUITE_P(All, FitTurns,
                         testing::Values(std::pair{GST_VIDEO_ORIENTATION_90R, "90r"},
                                         std::pair{GST_VIDEO_ORIENTATION_180, "180"},
                                         std::pair{GST_VIDEO_ORIENTATION_90L, "90l"},
                                         std::pair{GST_VIDEO_ORIENTATION_HORIZ, "horiz"},
                                         std::pair{GST_VIDEO_ORIENTATION_VERT, "vert"},
                                         std::pair{GST_VIDEO_ORIENTATION_UL_LR, "ul-lr"},
                                         std::pair{GST_VIDEO_ORIENTATION_UR_LL, "ur-ll"}));

TEST(Fit, TakesItsSizeFromPixelAspectAndOrientation) {
  const auto caps = adopt(gst_caps_from_string(
      "video/x-raw,format=I420,width=64,height=48,framerate=25/1,pixel-aspect-ratio=3/2"));
  EXPECT_EQ(display_size(caps.get(), GST_VIDEO_ORIENTATION_IDENTITY), (Size{96, 48}));
  EXPECT_EQ(display_size(caps.get(), GST_VIDEO_ORIENTATION_90R), (Size{48, 96}));
}

TEST(Fit, DrawsBarsOnlyWhereTheAspectDiffers) {
  const auto sample =
      gradient("video/x-raw,format=I420,width=64,height=48,framerate=25/1,colorimetry=bt709");
  FrameFitter fitter;
  for (const auto turn : {GST_VIDEO_ORIENTATION_IDENTITY, GST_VIDEO_ORIENTATION_180}) {
    const auto wide = bytes(fitter.fit(sample.get(), turn, {128, 48}).get());
    EXPECT_EQ(wide[31], 16);
    EXPECT_GT(wide[32], 60);
    EXPECT_GT(wide[95], 60);
    EXPECT_EQ(wide[96], 16);
  }
  const auto filled =
      bytes(fitter.fit(sample.get(), GST_VIDEO_ORIENTATION_IDENTITY, {66, 48}).get());
  EXPECT_GT(filled[0], 60);  // 2 px of rounding are no bars
  EXPECT_GT(filled[65], 60);
}

// A frame whose left half is dark and whose right half is bright, 64x48.
GstPtr<GstSample> dark_and_bright() {
  const auto caps =
      adopt(gst_caps_from_string("video/x-raw,format=I420,width=64,height=48,framerate=25/1,"
                                 "colorimetry=bt709"));
  const auto buffer = adopt(gst_buffer_new_allocate(nullptr, 64 * 48 * 3 / 2, nullptr));
  GstMapInfo map;
  gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE);
  std::fill(map.data, map.data + map.size, 128);
  for (int i = 0; i < 64 * 48; ++i) map.data[i] = i % 64 < 32 ? 50 : 200;
  gst_buffer_unmap(buffer.get(), &map);
  return adopt(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
}

// The luma of one row.
std::vector<int> row(const GstPtr<GstBuffer>& frame, int width, int y) {
  const auto all = bytes(frame.get());
  const auto from = all.begin() + y * width;
  return {from, from + width};
}

TEST(Fit, CoversABoxWithTheMiddleOfThePicture) {
  FrameFitter fitter;
  const auto sample = dark_and_bright();
  // a box half as wide as the picture's aspect: a quarter is cut off on each side
  const auto made = fitter.fit(sample.get(), GST_VIDEO_ORIENTATION_IDENTITY, {32, 48}, Fit::cover);
  ASSERT_TRUE(made);
  for (const int y : {0, 24, 47}) {
    const auto line = row(made, 32, y);
    EXPECT_EQ(line[0], 50) << "no bar";
    EXPECT_EQ(line[14], 50);
    EXPECT_EQ(line[17], 200) << "the middle stays in the middle, unscaled";
    EXPECT_EQ(line[31], 200);
  }
}

TEST(Fit, CoversABoxAfterThePictureIsTurned) {
  FrameFitter fitter;
  const auto sample = dark_and_bright();
  // turned it is 48x64, dark above bright; of that the middle 48x32
  const auto made = fitter.fit(sample.get(), GST_VIDEO_ORIENTATION_90R, {48, 32}, Fit::cover);
  ASSERT_TRUE(made);
  EXPECT_EQ(row(made, 48, 0)[20], 50);
  EXPECT_EQ(row(made, 48, 14)[20], 50);
  EXPECT_EQ(row(made, 48, 17)[20], 200);
  EXPECT_EQ(row(made, 48, 31)[20], 200);
}

TEST(Fit, StretchesToTheBox) {
  FrameFitter fitter;
  const auto sample = dark_and_bright();
  const auto made =
      fitter.fit(sample.get(), GST_VIDEO_ORIENTATION_IDENTITY, {32, 96}, Fit::stretch);
  ASSERT_TRUE(made);
  for (const int y : {0, 50, 95}) {
    EXPECT_EQ(row(made, 32, y)[13], 50);
    EXPECT_EQ(row(made, 32, y)[18], 200);
  }
  // the same fitter, the same size, another way
  const auto fitted = fitter.fit(sample.get(), GST_VIDEO_ORIENTATION_IDENTITY, {32, 96});
  EXPECT_EQ(row(fitted, 32, 0)[13], 16) << "a bar";
}

}  // namespace
}  // namespace rostrum::test
