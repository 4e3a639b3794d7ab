// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/frame_fitter.h"

#include "core/clip_schedule.h"

#include <cstring>

namespace rostrum {

namespace {

GstVideoInfo i420(Size size) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  gst_video_colorimetry_from_string(&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  return info;
}

bool swaps_axes(GstVideoOrientationMethod method) {
  return method == GST_VIDEO_ORIENTATION_90R || method == GST_VIDEO_ORIENTATION_90L ||
         method == GST_VIDEO_ORIENTATION_UL_LR || method == GST_VIDEO_ORIENTATION_UR_LL;
}

Size swapped(Size s) { return {s.height, s.width}; }

// Not yet even: the aspect counts.
Size seen_size(const GstVideoInfo& info, GstVideoOrientationMethod orientation) {
  const auto width =
      scale_round(GST_VIDEO_INFO_WIDTH(&info), std::max(1, GST_VIDEO_INFO_PAR_N(&info)),
                  std::max(1, GST_VIDEO_INFO_PAR_D(&info)));
  const Size size{std::max(1, static_cast<int>(width)), GST_VIDEO_INFO_HEIGHT(&info)};
  return swaps_axes(orientation) ? swapped(size) : size;
}

Size even(Size s) {
  return {std::max(2, (s.width + 1) / 2 * 2), std::max(2, (s.height + 1) / 2 * 2)};
}

// A buffer's planes for as long as this lives.
class Mapped {
 public:
  Mapped(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags) {
    mapped_ = gst_video_frame_map(&frame_, &info, buffer, flags);
  }
  ~Mapped() {
    if (mapped_) gst_video_frame_unmap(&frame_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  explicit operator bool() const { return mapped_; }
  GstVideoFrame* get() { return &frame_; }
  std::uint8_t* plane(int p) {
    return static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, p));
  }
  std::ptrdiff_t stride(int p) const { return GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, p); }

 private:
  GstVideoFrame frame_{};
  bool mapped_ = false;
};

void fill_black(Mapped& frame, Size size) {
  for (int p = 0; p < 3; ++p) {
    const int rows = p ? size.height / 2 : size.height;
    const int width = p ? size.width / 2 : size.width;
    for (int y = 0; y < rows; ++y)
      std::memset(frame.plane(p) + y * frame.stride(p), p ? 128 : 16,
                  static_cast<std::size_t>(width));
  }
}

// GstVideoInfo forgets the range of pictures that do not say their matrix.
bool is_full_range(const GstCaps* caps) {
  const char* text = gst_structure_get_string(gst_caps_get_structure(caps, 0), "colorimetry");
  GstVideoColorimetry color{};
  return text && gst_video_colorimetry_from_string(&color, text) &&
         color.range == GST_VIDEO_COLOR_RANGE_0_255;
}

struct Plane {
  std::uint8_t* data;
  std::ptrdiff_t stride;
  int width;
  int height;
};

// `to` already has the turned size.
void turn_plane(const Plane& from, const Plane& to, GstVideoOrientationMethod method) {
  const bool swap = swaps_axes(method);
  // Does walking right (down) in the target walk backwards in the source?
  const bool back_x = method == GST_VIDEO_ORIENTATION_90R || method == GST_VIDEO_ORIENTATION_180 ||
                      method == GST_VIDEO_ORIENTATION_HORIZ ||
                      method == GST_VIDEO_ORIENTATION_UR_LL;
  const bool back_y = method == GST_VIDEO_ORIENTATION_90L || method == GST_VIDEO_ORIENTATION_180 ||
                      method == GST_VIDEO_ORIENTATION_VERT || method == GST_VIDEO_ORIENTATION_UR_LL;
  const std::ptrdiff_t step_x = (swap ? from.stride : 1) * (back_x ? -1 : 1);
  const std::ptrdiff_t step_y = (swap ? 1 : from.stride) * (back_y ? -1 : 1);
  const auto* row =
      from.data - (back_x ? (to.width - 1) * step_x : 0) - (back_y ? (to.height - 1) * step_y : 0);
  for (int y = 0; y < to.height; ++y, row += step_y) {
    const auto* pixel = row;
    auto* out = to.data + y * to.stride;
    for (int x = 0; x < to.width; ++x, pixel += step_x) out[x] = *pixel;
  }
}

}  // namespace

Size display_size(const GstCaps* caps, GstVideoOrientationMethod orientation) {
  GstVideoInfo info;
  if (!caps || !gst_video_info_from_caps(&info, caps)) return {};
  return even(seen_size(info, orientation));
}

GstVideoColorimetry picture_colors(const GstCaps* caps, Colors colors) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, caps)) return {};
  auto color = info.colorimetry;
  const bool hd = GST_VIDEO_INFO_HEIGHT(&info) > 576;  // as GStreamer takes what says nothing
  if (color.matrix == GST_VIDEO_COLOR_MATRIX_UNKNOWN)
    color.matrix = hd ? GST_VIDEO_COLOR_MATRIX_BT709 : GST_VIDEO_COLOR_MATRIX_BT601;
  if (colors != Colors::own)
    color.matrix =
        colors == Colors::bt709 ? GST_VIDEO_COLOR_MATRIX_BT709 : GST_VIDEO_COLOR_MATRIX_BT601;
  if (is_full_range(caps)) color.range = GST_VIDEO_COLOR_RANGE_0_255;
  if (color.range == GST_VIDEO_COLOR_RANGE_UNKNOWN) color.range = GST_VIDEO_COLOR_RANGE_16_235;
  return color;
}

GstPtr<GstCaps> fitted_caps(Size size, Fraction rate) {
  return adopt(gst_caps_new_simple(
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, size.width, "height",
      G_TYPE_INT, size.height, "framerate", GST_TYPE_FRACTION, static_cast<int>(rate.num),
      static_cast<int>(rate.den), "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, "interlace-mode",
      G_TYPE_STRING, "progressive", "colorimetry", G_TYPE_STRING, GST_VIDEO_COLORIMETRY_BT709,
      nullptr));
}

FrameFitter::~FrameFitter() { drop_pool(); }

void FrameFitter::drop_pool() {
  if (!pool_) return;
  gst_buffer_pool_set_active(pool_, FALSE);
  gst_object_unref(pool_);
  pool_ = nullptr;
}

GstPtr<GstBuffer> FrameFitter::acquire(Size size) {
  if (!pool_ || pool_size_ != size) {
    drop_pool();
    pool_ = gst_buffer_pool_new();
    pool_size_ = size;
    auto* config = gst_buffer_pool_get_config(pool_);
    const auto info = i420(size);
    gst_buffer_pool_config_set_params(config, nullptr,
                                      static_cast<guint>(GST_VIDEO_INFO_SIZE(&info)), 0, 0);
    gst_buffer_pool_set_config(pool_, config);
    gst_buffer_pool_set_active(pool_, TRUE);
  }
  GstBuffer* buffer = nullptr;
  gst_buffer_pool_acquire_buffer(pool_, &buffer, nullptr);
  return adopt(buffer);
}

// Scaling happens in the picture's own colours; the matrix is applied to the small result.
void FrameFitter::prepare_color() {
  const auto& color = in_.colorimetry = picture_colors(caps_.get(), colors_);
  matrix_.reset();
  if (!GST_VIDEO_INFO_IS_YUV(&in_)) return;
  YuvSpace space{.full_range = color.range == GST_VIDEO_COLOR_RANGE_0_255};
  if (!gst_video_color_matrix_get_Kr_Kb(color.matrix, &space.kr, &space.kb)) return;
  scaled_.colorimetry = color;
  scaled_.chroma_site = in_.chroma_site;
  if (color.matrix != GST_VIDEO_COLOR_MATRIX_BT709 || space.full_range) matrix_.emplace(space);
}

void FrameFitter::prepare_converter() {
  const bool turned = orientation_ != GST_VIDEO_ORIENTATION_IDENTITY;
  const auto rect =
      turned ? Rect{0, 0, GST_VIDEO_INFO_WIDTH(&scaled_), GST_VIDEO_INFO_HEIGHT(&scaled_)} : rect_;
  auto* config = gst_structure_new(
      "fit", GST_VIDEO_CONVERTER_OPT_SRC_X, G_TYPE_INT, source_.x, GST_VIDEO_CONVERTER_OPT_SRC_Y,
      G_TYPE_INT, source_.y, GST_VIDEO_CONVERTER_OPT_SRC_WIDTH, G_TYPE_INT, source_.width,
      GST_VIDEO_CONVERTER_OPT_SRC_HEIGHT, G_TYPE_INT, source_.height,
      GST_VIDEO_CONVERTER_OPT_DEST_X, G_TYPE_INT, rect.x, GST_VIDEO_CONVERTER_OPT_DEST_Y,
      G_TYPE_INT, rect.y, GST_VIDEO_CONVERTER_OPT_DEST_WIDTH, G_TYPE_INT, rect.width,
      GST_VIDEO_CONVERTER_OPT_DEST_HEIGHT, G_TYPE_INT, rect.height,
      GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD,
      GST_VIDEO_RESAMPLER_METHOD_LINEAR, GST_VIDEO_CONVERTER_OPT_CHROMA_MODE,
      GST_TYPE_VIDEO_CHROMA_MODE, GST_VIDEO_CHROMA_MODE_NONE, GST_VIDEO_CONVERTER_OPT_DITHER_METHOD,
      GST_TYPE_VIDEO_DITHER_METHOD, GST_VIDEO_DITHER_NONE, nullptr);
  converter_.reset(gst_video_converter_new(&in_, &scaled_, config));
}

// Which part of the picture lies where in the box.
void FrameFitter::place_picture(Size box) {
  const Size coded{GST_VIDEO_INFO_WIDTH(&in_), GST_VIDEO_INFO_HEIGHT(&in_)};
  const auto seen = seen_size(in_, orientation_);
  box_ = box.width > 0 && box.height > 0 ? box : even(seen);
  source_ = {0, 0, coded.width, coded.height};
  rect_ = {0, 0, box_.width, box_.height};
  if (how_ == Fit::contain) rect_ = place_in_box(seen, box_);
  if (how_ == Fit::cover)
    source_ = swaps_axes(orientation_) ? crop_to_cover(coded, swapped(seen), swapped(box_))
                                       : crop_to_cover(coded, seen, box_);
}

bool FrameFitter::prepare(GstCaps* caps, GstVideoOrientationMethod orientation, Size box, Fit how,
                          Colors colors) {
  if (converter_ && caps_ && gst_caps_is_equal(caps_.get(), caps) && orientation_ == orientation &&
      wanted_ == box && how_ == how && colors_ == colors)
    return true;
  converter_.reset();
  unturned_.reset();
  caps_ = retain(caps);
  orientation_ = orientation;
  wanted_ = box;
  how_ = how;
  colors_ = colors;
  if (!gst_video_info_from_caps(&in_, caps)) return false;
  place_picture(box);
  const Size inside{rect_.width, rect_.height};
  if (orientation == GST_VIDEO_ORIENTATION_IDENTITY)
    scaled_ = i420(box_);
  else
    scaled_ = i420(swaps_axes(orientation) ? swapped(inside) : inside);
  in_.interlace_mode = scaled_.interlace_mode;  // the converter neither deinterlaces
  scaled_.fps_n = in_.fps_n;                    // nor changes the rate
  scaled_.fps_d = in_.fps_d;
  prepare_color();
  if (orientation != GST_VIDEO_ORIENTATION_IDENTITY)
    unturned_ = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&scaled_), nullptr));
  prepare_converter();
  return converter_ != nullptr;
}

void FrameFitter::turn(GstVideoFrame* to) {
  Mapped from{scaled_, unturned_.get(), GST_MAP_READ};
  for (int p = 0; p < 3; ++p) {
    const int by = p ? 2 : 1;
    const auto stride = GST_VIDEO_FRAME_PLANE_STRIDE(to, p);
    auto* data = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(to, p));
    turn_plane(
        {from.plane(p), from.stride(p), 0, 0},
        {data + rect_.y / by * stride + rect_.x / by, stride, rect_.width / by, rect_.height / by},
        orientation_);
  }
}

GstPtr<GstBuffer> FrameFitter::fit(GstSample* sample, GstVideoOrientationMethod orientation,
                                   Size box, Fit how, Colors colors) {
  if (!prepare(gst_sample_get_caps(sample), orientation, box, how, colors)) return {};
  Mapped source{in_, gst_sample_get_buffer(sample), GST_MAP_READ};
  auto buffer = acquire(box_);
  if (!source || !buffer) return {};
  Mapped target{i420(box_), buffer.get(), GST_MAP_WRITE};
  if (!target) return {};
  if (!unturned_) {
    GstVideoFrame frame = *target.get();
    frame.info = scaled_;
    gst_video_converter_frame(converter_.get(), source.get(), &frame);
  } else {
    if (Size{rect_.width, rect_.height} != box_) fill_black(target, box_);
    {
      Mapped scaled{scaled_, unturned_.get(), GST_MAP_WRITE};
      gst_video_converter_frame(converter_.get(), source.get(), scaled.get());
    }
    turn(target.get());
  }
  if (matrix_)
    matrix_->apply({{target.plane(0), target.plane(1), target.plane(2)},
                    {target.stride(0), target.stride(1), target.stride(2)},
                    box_.width,
                    box_.height});
  return buffer;
}

GstPtr<GstBuffer> FrameFitter::black(Size size) {
  if (!black_ || black_size_ != size) {
    const auto info = i420(size);
    black_ = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
    black_size_ = size;
    Mapped frame{info, black_.get(), GST_MAP_WRITE};
    fill_black(frame, size);
  }
  return retain(black_.get());
}

}  // namespace rostrum
