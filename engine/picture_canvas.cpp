// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture_canvas.h"

#include "core/bt709.h"

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

constexpr int kRounding = 2;       // pixels
constexpr int kLargest = 1 << 15;  // pixels, of what covers a box

// A mapped frame, unmapped at the end of the scope.
class Mapped {
 public:
  Mapped(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags)
      : mapped_{gst_video_frame_map(&frame_, &info, buffer, flags) != FALSE} {}
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() {
    if (mapped_) gst_video_frame_unmap(&frame_);
  }
  explicit operator bool() const { return mapped_; }
  GstVideoFrame* get() { return &frame_; }

 private:
  GstVideoFrame frame_{};
  bool mapped_;
};

using ConverterPtr = std::unique_ptr<GstVideoConverter, Freed<gst_video_converter_free>>;

int even_below(double value, int most) {
  return std::clamp(static_cast<int>(std::lround(value / 2)) * 2, std::min(2, most), most);
}

}  // namespace

void set_color(cairo_t* cairo, std::uint32_t color) {
  cairo_set_source_rgb(cairo, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0,
                       (color & 0xff) / 255.0);
}

SurfacePtr make_surface(Size size, std::uint32_t color) {
  SurfacePtr surface{cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height)};
  const CairoPtr cairo{cairo_create(surface.get())};
  set_color(cairo.get(), color);
  cairo_paint(cairo.get());
  return surface;
}

SurfacePtr make_clear_surface(Size size) {
  return SurfacePtr{cairo_image_surface_create(CAIRO_FORMAT_ARGB32, size.width, size.height)};
}

Rect place(double width, double height, Size box, Fit how) {
  if (how == Fit::stretch) return {0, 0, box.width, box.height};
  if (how == Fit::cover) {
    const double most = std::max(box.width / width, box.height / height);
    const Size large{std::max(even_below(width * most, kLargest), box.width),
                     std::max(even_below(height * most, kLargest), box.height)};
    return {(box.width - large.width) / 4 * 2, (box.height - large.height) / 4 * 2, large.width,
            large.height};
  }
  const double scale = std::min(box.width / width, box.height / height);
  const double fit_width = width * scale;
  const double fit_height = height * scale;
  if (box.width - fit_width <= kRounding && box.height - fit_height <= kRounding)
    return {0, 0, box.width, box.height};
  Rect rect;
  rect.width = even_below(fit_width, box.width);
  rect.height = even_below(fit_height, box.height);
  rect.x = (box.width - rect.width) / 4 * 2;
  rect.y = (box.height - rect.height) / 4 * 2;
  return rect;
}

GstVideoInfo srgb_info(GstVideoFormat format, Size size) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, format, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  gst_video_colorimetry_from_string(&info.colorimetry, GST_VIDEO_COLORIMETRY_SRGB);
  return info;
}

GstVideoInfo frame_info(Size size, Fraction rate) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  gst_video_colorimetry_from_string(&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  info.fps_n = static_cast<int>(rate.num);
  info.fps_d = static_cast<int>(rate.den);
  return info;
}

GstPtr<GstBuffer> convert_frame(GstBuffer* frame, const GstVideoInfo& from,
                                const GstVideoInfo& wanted) {
  auto to = wanted;
  to.fps_n = from.fps_n;  // the converter refuses to change the rate
  to.fps_d = from.fps_d;
  const ConverterPtr converter{gst_video_converter_new(
      &from, &to,
      gst_structure_new("GstVideoConverter", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD,
                        GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LANCZOS,
                        GST_VIDEO_CONVERTER_OPT_CHROMA_RESAMPLER_METHOD,
                        GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                        GST_VIDEO_CONVERTER_OPT_DITHER_METHOD, GST_TYPE_VIDEO_DITHER_METHOD,
                        GST_VIDEO_DITHER_NONE, nullptr))};
  auto result = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&to), nullptr));
  if (!converter || !result) return {};
  Mapped in{from, frame, GST_MAP_READ};
  Mapped out{to, result.get(), GST_MAP_WRITE};
  if (!in || !out) return {};
  gst_video_converter_frame(converter.get(), in.get(), out.get());
  return result;
}

GstPtr<GstBuffer> frame_of(SurfacePtr surface) {
  cairo_surface_flush(surface.get());
  const Size size{cairo_image_surface_get_width(surface.get()),
                  cairo_image_surface_get_height(surface.get())};
  const auto info = frame_info(size);
  auto frame = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  Mapped out{info, frame.get(), GST_MAP_WRITE};
  const auto* pixels = cairo_image_surface_get_data(surface.get());
  if (!out || !pixels) return {};
  const auto plane = [&](guint i) {
    return static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(out.get(), i));
  };
  srgb_to_i420(reinterpret_cast<const std::uint32_t*>(pixels),
               cairo_image_surface_get_stride(surface.get()) / 4, size,
               {plane(0), plane(1), plane(2), GST_VIDEO_FRAME_PLANE_STRIDE(out.get(), 0),
                GST_VIDEO_FRAME_PLANE_STRIDE(out.get(), 1)});
  return frame;
}

}  // namespace rostrum
