// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures for tests, made on the spot, and the reading of I420 frames.
#pragma once

#include "core/layout.h"
#include "lib/gst_ptr.h"

#include <cairo-pdf.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace rostrum::test {

// A folder that goes with its owner.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rostrum-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string operator/(const char* name) const { return (path_ / name).string(); }
  std::string write(const char* name, const std::string& content) const {
    std::ofstream{*this / name, std::ios::binary} << content;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

struct Yuv {
  int y = 0;
  int u = 0;
  int v = 0;

  friend bool operator==(const Yuv&, const Yuv&) = default;
  bool near(const Yuv& o) const {
    return std::abs(y - o.y) <= 2 && std::abs(u - o.u) <= 2 && std::abs(v - o.v) <= 2;
  }
  friend void PrintTo(const Yuv& p, std::ostream* out) {
    *out << '(' << p.y << ' ' << p.u << ' ' << p.v << ')';
  }
};

// sRGB primaries as BT.709 of limited range.
inline constexpr Yuv kRed{63, 102, 240};
inline constexpr Yuv kGreen{173, 42, 26};
inline constexpr Yuv kBlue{32, 240, 118};
inline constexpr Yuv kWhite{235, 128, 128};
inline constexpr Yuv kBlack{16, 128, 128};

inline Yuv pixel(GstBuffer* buffer, Size size, int x, int y) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return {};
  const auto at = [&](guint plane, int px, int py) {
    return int{map.data[info.offset[plane] + static_cast<gsize>(py * info.stride[plane] + px)]};
  };
  const Yuv found =
      map.size == info.size ? Yuv{at(0, x, y), at(1, x / 2, y / 2), at(2, x / 2, y / 2)} : Yuv{};
  gst_buffer_unmap(buffer, &map);
  return found;
}

#define EXPECT_PIXEL(buffer, size, x, y, color)                                                 \
  EXPECT_PRED2([](const Yuv& a, const Yuv& b) { return a.near(b); }, pixel(buffer, size, x, y), \
               color)

using Paint = std::function<void(cairo_t*)>;

inline void fill(cairo_t* cairo, double r, double g, double b) {
  cairo_set_source_rgb(cairo, r, g, b);
  cairo_paint(cairo);
}

// Left half of one colour, right half of another.
inline Paint halves(double width, double height, const double (&left)[3],
                    const double (&right)[3]) {
  const std::vector<double> l{left, left + 3};
  const std::vector<double> r{right, right + 3};
  return [=](cairo_t* cairo) {
    fill(cairo, r[0], r[1], r[2]);
    cairo_set_source_rgb(cairo, l[0], l[1], l[2]);
    cairo_rectangle(cairo, 0, 0, width / 2, height);
    cairo_fill(cairo);
  };
}

inline std::string make_png(const std::string& path, Size size, const Paint& paint,
                            cairo_format_t format = CAIRO_FORMAT_RGB24) {
  auto* surface = cairo_image_surface_create(format, size.width, size.height);
  auto* cairo = cairo_create(surface);
  paint(cairo);
  cairo_destroy(cairo);
  EXPECT_EQ(cairo_surface_write_to_png(surface, path.c_str()), CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy(surface);
  return path;
}

// A PNG by another encoder: `encoder` is a piece of a launch line.
inline std::string recode(const std::string& png, const std::string& path, const char* encoder) {
  GError* problem = nullptr;
  auto pipeline = retain(gst_parse_launch(
      (std::string{"filesrc name=in ! pngdec ! videoconvert ! "} + encoder + " ! filesink name=out")
          .c_str(),
      &problem));
  EXPECT_FALSE(problem);
  for (const auto& [name, location] : {std::pair{"in", png}, std::pair{"out", path}}) {
    auto element = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), name));
    g_object_set(element.get(), "location", location.c_str(), nullptr);
  }
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  const auto message = adopt(
      gst_bus_timed_pop_filtered(bus.get(), 10 * GST_SECOND,
                                 static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  EXPECT_TRUE(message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return path;
}

inline constexpr char kJpeg[] = "video/x-raw,format=RGB ! jpegenc quality=100";

struct PdfSheet {
  double width;
  double height;
  Paint paint;
};

inline std::string make_pdf(const std::string& path, const std::vector<PdfSheet>& sheets) {
  auto* surface = cairo_pdf_surface_create(path.c_str(), 100, 100);
  auto* cairo = cairo_create(surface);
  for (const auto& sheet : sheets) {
    cairo_pdf_surface_set_size(surface, sheet.width, sheet.height);
    sheet.paint(cairo);
    cairo_show_page(cairo);
  }
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return path;
}

}  // namespace rostrum::test
