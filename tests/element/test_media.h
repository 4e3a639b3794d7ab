// SPDX-License-Identifier: LGPL-2.1-or-later
// Media made at test time: pictures that carry their frame number, tones and clicks.
#pragma once

#include "core/layout.h"
#include "core/timeline.h"
#include "lib/gst_ptr.h"

#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rostrum::test {

// A folder of its own that goes away with its owner.
class TempFolder {
 public:
  TempFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "rostrum-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline constexpr int kBits = 16;

// Frame numbers are 16 columns, black or white, that survive scaling and lossy coding.
inline void draw_number(std::uint8_t* luma, std::ptrdiff_t stride, Size size, int number) {
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      luma[y * stride + x] = (number >> (x * kBits / size.width)) & 1 ? 235 : 16;
}

// -1: black; -2: no such picture.
inline int read_number(GstBuffer* buffer, Size size) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return -2;
  const std::size_t row = static_cast<std::size_t>((size.width + 3) / 4 * 4) * (size.height / 2);
  int number = 0;
  bool sure = map.size > row + size.width;
  for (int bit = 0; sure && bit < kBits; ++bit) {
    const int luma = map.data[row + (2 * bit + 1) * size.width / (2 * kBits)];
    number |= (luma > 125 ? 1 : 0) << bit;
    sure = luma < 70 || luma > 180;
  }
  gst_buffer_unmap(buffer, &map);
  if (!sure) return -2;
  return number == 0 ? -1 : number - 1;
}

struct VideoSpec {
  int frames = 50;
  Fraction rate{25, 1};
  Size size{160, 96};
  std::string coding =
      "x264enc speed-preset=ultrafast key-int-max=30 bframes=2 b-adapt=false "
      "quantizer=20 pass=quant ! mp4mux";
  std::function<Nanoseconds(int)> pts{};  // default: by the rate
  Nanoseconds tail{0};                    // length of the last frame; 0: by the rate
  std::string caps_extra{};               // e.g. ",colorimetry=bt601"
};

// And then into another state.
inline bool run_to_eos(GstElement* pipeline, GstState then = GST_STATE_NULL) {
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const auto bus = adopt(gst_element_get_bus(pipeline));
  const auto message = adopt(
      gst_bus_timed_pop_filtered(bus.get(), 60 * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  const bool done = message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS;
  gst_element_set_state(pipeline, then);
  return done;
}

inline GstPtr<GstBuffer> numbered_frame(const VideoSpec& spec, int n) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(spec.size.width),
                            static_cast<guint>(spec.size.height));
  auto buffer = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  gst_buffer_memset(buffer.get(), 0, 128, GST_VIDEO_INFO_SIZE(&info));
  GstMapInfo map;
  gst_buffer_map(buffer.get(), &map, GST_MAP_WRITE);
  draw_number(map.data, GST_VIDEO_INFO_PLANE_STRIDE(&info, 0), spec.size, n + 1);
  gst_buffer_unmap(buffer.get(), &map);
  const FrameGrid grid{spec.rate};
  const auto pts = spec.pts ? spec.pts(n) : grid.start(n);
  const auto next = spec.pts && n + 1 < spec.frames
                        ? spec.pts(n + 1)
                        : pts + (spec.tail > 0ns ? spec.tail : grid.start(1));
  GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>(pts.count());
  GST_BUFFER_DURATION(buffer.get()) = static_cast<GstClockTime>((next - pts).count());
  return buffer;
}

// Frame n of the file carries the number n.
inline void make_video(const std::string& path, const VideoSpec& spec) {
  const auto launch =
      "appsrc name=s format=time caps=video/x-raw,format=I420,width=" +
      std::to_string(spec.size.width) + ",height=" + std::to_string(spec.size.height) +
      ",framerate=" + std::to_string(spec.rate.num) + "/" + std::to_string(spec.rate.den) +
      spec.caps_extra + " ! " + spec.coding + " ! filesink location=" + path;
  const auto pipeline = retain(gst_parse_launch(launch.c_str(), nullptr));
  ASSERT_TRUE(pipeline) << launch;
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "s"));
  for (int n = 0; n < spec.frames; ++n)
    gst_app_src_push_buffer(GST_APP_SRC(source.get()), numbered_frame(spec, n).release());
  gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
  ASSERT_TRUE(run_to_eos(pipeline.get())) << launch;
}

}  // namespace rostrum::test
