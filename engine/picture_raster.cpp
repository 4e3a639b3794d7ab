// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture_source.h"

#include <gst/app/gstappsink.h>
#include "lib/bus_error.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace rostrum {

namespace {

constexpr GstClockTime kTimeLimit = 20 * GST_SECOND;

struct Decoder {
  const char* element;
  const char* package;
};

Decoder decoder_for(PictureKind kind) {
  if (kind == PictureKind::jpeg) return {"jpegdec", "gstreamer1.0-plugins-good"};
  if (kind == PictureKind::png) return {"pngdec", "gstreamer1.0-plugins-good"};
  return {"webpdec", "gstreamer1.0-plugins-bad"};
}

// Stopped when it goes.
struct Stopped {
  void operator()(GstElement* pipeline) const noexcept {
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
};
using PipelinePtr = std::unique_ptr<GstElement, Stopped>;

// Wakes whoever waits on the bus when the work is cancelled.
class CancelWatch {
 public:
  CancelWatch(GCancellable* cancellable, GstBus* bus) : cancellable_{cancellable} {
    if (cancellable_) id_ = g_cancellable_connect(cancellable_, G_CALLBACK(wake), bus, nullptr);
  }
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;
  ~CancelWatch() {
    if (cancellable_) g_cancellable_disconnect(cancellable_, id_);
  }

 private:
  static void wake(GCancellable*, gpointer bus) {
    gst_bus_post(GST_BUS(bus),
                 gst_message_new_application(nullptr, gst_structure_new_empty("cancelled")));
  }

  GCancellable* cancellable_;
  gulong id_ = 0;
};

std::string reason_of(GstMessage* message) { return error_of(message)->message; }

Result<void> wait_for_picture(GstBus* bus) {
  const auto message = adopt(gst_bus_timed_pop_filtered(
      bus, kTimeLimit,
      static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_EOS |
                                  GST_MESSAGE_APPLICATION)));
  if (!message) return fail(Kind::media, "its decoding exceeded the time limit");
  switch (GST_MESSAGE_TYPE(message.get())) {
  case GST_MESSAGE_ASYNC_DONE:
    return {};
  case GST_MESSAGE_APPLICATION:
    return fail(Kind::interrupted, "its decoding was interrupted");
  case GST_MESSAGE_ERROR:
    return fail(Kind::media, "it is damaged (" + reason_of(message.get()) + ")");
  default:
    return fail(Kind::media, "no picture can be decoded from it");
  }
}

Result<GstPtr<GstSample>> decode(const std::string& path, PictureKind kind,
                                 GCancellable* cancellable) {
  const auto [name, package] = decoder_for(kind);
  const PipelinePtr pipeline{gst_pipeline_new(nullptr)};
  auto* source = gst_element_factory_make("filesrc", nullptr);
  auto* decoder = gst_element_factory_make(name, nullptr);
  auto* sink = gst_element_factory_make("appsink", nullptr);
  for (auto* element : {source, decoder, sink})
    if (element) gst_bin_add(GST_BIN(pipeline.get()), element);
  if (!source || !decoder || !sink)
    return fail(Kind::missing_component, std::string{"the element "} + name +
                                             " is missing (Debian package " + package + ")");
  g_object_set(source, "location", path.c_str(), nullptr);
  gst_element_link_many(source, decoder, sink, nullptr);

  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  const CancelWatch watch{cancellable, bus.get()};
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  if (const auto ready = wait_for_picture(bus.get()); !ready) return tl::unexpected(ready.error());
  auto sample = adopt(gst_app_sink_try_pull_preroll(GST_APP_SINK(sink), 0));
  if (!sample) return fail(Kind::media, "no picture can be decoded from it");
  return sample;
}

void premultiply(guint8* bgra, gsize size) {
  for (gsize i = 0; i + 3 < size; i += 4) {
    const unsigned alpha = bgra[i + 3];
    for (gsize c = i; c < i + 3; ++c) bgra[c] = static_cast<guint8>((bgra[c] * alpha + 127) / 255);
  }
}

// Puts white under a picture with transparency, at its full size: scaling comes after, so that the
// colour of invisible pixels does not bleed.
void whiten(guint8* bgra, gsize size) {
  for (gsize i = 0; i + 3 < size; i += 4) {
    const unsigned alpha = bgra[i + 3];
    for (gsize c = i; c < i + 3; ++c)
      bgra[c] = static_cast<guint8>((bgra[c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}

struct Pixels {
  GstPtr<GstBuffer> buffer;
  GstVideoInfo info;
};

Result<Pixels> opaque(GstSample* sample) {
  Pixels pixels;
  if (!gst_video_info_from_caps(&pixels.info, gst_sample_get_caps(sample)))
    return fail(Kind::media, "its decoder gave no picture");
  pixels.buffer = retain(gst_sample_get_buffer(sample));
  if (!GST_VIDEO_INFO_HAS_ALPHA(&pixels.info)) return pixels;
  const Size size{pixels.info.width, pixels.info.height};
  const auto straight = srgb_info(GST_VIDEO_FORMAT_BGRA, size);
  pixels.buffer = convert_frame(pixels.buffer.get(), pixels.info, straight);
  GstMapInfo map;
  if (!pixels.buffer || !gst_buffer_map(pixels.buffer.get(), &map, GST_MAP_READWRITE))
    return fail(Kind::media, "its pixels could not be converted");
  whiten(map.data, map.size);
  gst_buffer_unmap(pixels.buffer.get(), &map);
  pixels.info = srgb_info(GST_VIDEO_FORMAT_BGRx, size);
  return pixels;
}

// Decoders fill up a JPEG that ends early without a word; a whole one has an end marker, behind
// which little may follow.
bool is_cut_off(const std::string& path) {
  constexpr std::streamoff kTail = 64 << 10;
  std::ifstream file{path, std::ios::binary | std::ios::ate};
  const std::streamoff size = file.tellg();
  file.seekg(std::max(std::streamoff{0}, size - kTail));
  const std::string tail{std::istreambuf_iterator<char>{file}, {}};
  return tail.find("\xff\xd9") == std::string::npos;
}

// EXIF orientations: the matrix that takes a coded picture of this size to the one to be seen.
cairo_matrix_t turn(int orientation, Size coded) {
  const double w = coded.width;
  const double h = coded.height;
  const cairo_matrix_t matrices[] = {
      {1, 0, 0, 1, 0, 0}, {-1, 0, 0, 1, w, 0}, {-1, 0, 0, -1, w, h}, {1, 0, 0, -1, 0, h},
      {0, 1, 1, 0, 0, 0}, {0, 1, -1, 0, h, 0}, {0, -1, -1, 0, h, w}, {0, -1, 1, 0, 0, w},
  };
  return matrices[orientation - 1];
}

SurfacePtr surface_over(const GstMapInfo& map, Size size) {
  return SurfacePtr{cairo_image_surface_create_for_data(map.data, CAIRO_FORMAT_RGB24, size.width,
                                                        size.height, size.width * 4)};
}

}  // namespace

Result<SurfacePtr> paint_raster(const PictureRequest& request, const PictureHeader& header,
                                GCancellable* cancellable) {
  if (header.kind == PictureKind::jpeg && is_cut_off(request.path))
    return fail(Kind::media, "it is cut off");
  const auto sample = decode(request.path, header.kind, cancellable);
  if (!sample) return tl::unexpected(sample.error());
  const auto pixels = opaque(sample->get());
  if (!pixels) return tl::unexpected(pixels.error());

  Size seen{pixels->info.width, pixels->info.height};
  const bool upright = header.orientation <= 4;
  if (!upright) std::swap(seen.width, seen.height);
  const auto rect = place(seen.width, seen.height, request.box, request.fit);
  const auto coded = upright ? Size{rect.width, rect.height} : Size{rect.height, rect.width};
  const auto scaled = convert_frame(pixels->buffer.get(), pixels->info, srgb_info(kOpaque, coded));
  GstMapInfo map;
  if (!scaled || !gst_buffer_map(scaled.get(), &map, GST_MAP_READ))
    return fail(Kind::media, "its pixels could not be converted");

  auto surface = make_surface(request.box, request.background);
  {
    const auto picture = surface_over(map, coded);
    const CairoPtr cairo{cairo_create(surface.get())};
    cairo_translate(cairo.get(), rect.x, rect.y);
    const auto matrix = turn(header.orientation, coded);
    cairo_transform(cairo.get(), &matrix);
    cairo_set_source_surface(cairo.get(), picture.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo.get()), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo.get());
  }
  gst_buffer_unmap(scaled.get(), &map);
  return surface;
}

Result<SurfacePtr> clear_raster(const std::string& path, const PictureHeader& header, Size size) {
  if (header.kind == PictureKind::jpeg && is_cut_off(path))
    return fail(Kind::media, "it is cut off");
  const auto sample = decode(path, header.kind, nullptr);
  if (!sample) return tl::unexpected(sample.error());
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample->get())))
    return fail(Kind::media, "its decoder gave no picture");
  const Size coded{info.width, info.height};
  const auto pixels = convert_frame(gst_sample_get_buffer(sample->get()), info,
                                    srgb_info(GST_VIDEO_FORMAT_BGRA, coded));
  GstMapInfo map;
  if (!pixels || !gst_buffer_map(pixels.get(), &map, GST_MAP_READWRITE))
    return fail(Kind::media, "its pixels could not be converted");
  premultiply(map.data, map.size);
  auto surface = make_clear_surface(size);
  {
    const SurfacePtr picture{cairo_image_surface_create_for_data(
        map.data, CAIRO_FORMAT_ARGB32, coded.width, coded.height, coded.width * 4)};
    const CairoPtr cairo{cairo_create(surface.get())};
    const bool upright = header.orientation <= 4;
    cairo_scale(cairo.get(), double(size.width) / (upright ? coded.width : coded.height),
                double(size.height) / (upright ? coded.height : coded.width));
    const auto matrix = turn(header.orientation, coded);
    cairo_transform(cairo.get(), &matrix);
    cairo_set_source_surface(cairo.get(), picture.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo.get()), CAIRO_FILTER_GOOD);
    cairo_paint(cairo.get());
  }
  gst_buffer_unmap(pixels.get(), &map);
  return surface;
}

}  // namespace rostrum
