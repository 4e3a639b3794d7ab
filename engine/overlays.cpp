// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/overlays.h"

#include "core/bt709.h"
#include "engine/elements.h"
#include "engine/picture.h"
#include "engine/substitution.h"
#include "engine/text_picture.h"

#include <gst/video/video-overlay-composition.h>

#include <limits>
#include <map>
#include <utility>

namespace rostrum {

namespace {

using RectanglePtr =
    std::unique_ptr<GstVideoOverlayRectangle, Freed<gst_video_overlay_rectangle_unref>>;
using CompositionPtr =
    std::unique_ptr<GstVideoOverlayComposition, Freed<gst_video_overlay_composition_unref>>;

// As AYUV: the frame is I420, and from RGB the blending would convert every pixel of every frame,
// by the matrix of BT.601.
RectanglePtr rectangle_of(const PlacedPicture& picture) {
  const auto [x, y, width, height] = picture.rect;
  const auto stride = std::ptrdiff_t{width} * 4;
  auto pixels =
      adopt(gst_buffer_new_allocate(nullptr, static_cast<gsize>(stride * height), nullptr));
  gst_buffer_add_video_meta(pixels.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_AYUV,
                            static_cast<guint>(width), static_cast<guint>(height));
  GstMapInfo map;
  if (!gst_buffer_map(pixels.get(), &map, GST_MAP_WRITE)) return {};
  cairo_surface_flush(picture.surface.get());
  srgb_to_ayuv(
      reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(picture.surface.get())),
      cairo_image_surface_get_stride(picture.surface.get()) / 4, {width, height}, map.data, stride);
  gst_buffer_unmap(pixels.get(), &map);
  return RectanglePtr{gst_video_overlay_rectangle_new_raw(
      pixels.get(), x, y, static_cast<guint>(width), static_cast<guint>(height),
      GST_VIDEO_OVERLAY_FORMAT_FLAG_NONE)};
}

void fade(cairo_surface_t* surface, int opacity) {
  const CairoPtr cairo{cairo_create(surface)};
  cairo_set_operator(cairo.get(), CAIRO_OPERATOR_DEST_IN);
  cairo_set_source_rgba(cairo.get(), 0, 0, 0, opacity / 1000.0);
  cairo_paint(cairo.get());
}

// What is drawn in which frame.  Streaming thread only.
class OverlayDrawer {
 public:
  explicit OverlayDrawer(const GraphInput& input)
      : grid_{input.slice.grid},
        first_{input.slice.frames.first},
        overlays_{input.slice.overlays},
        on_damage_{input.on_damage} {
    for (const auto& o : overlays_)
      if (const auto path = input.paths.find(o.asset); path != input.paths.end())
        paths_.insert(*path);
  }

  // A reference, or nullptr where nothing is drawn.  `time` is counted from the slice's first
  // frame.
  GstVideoOverlayComposition* at(GstElement* element, Nanoseconds time) {
    const auto frame = first_ + grid_.frames(time);
    if (!holds_.contains(frame)) compose(element, frame);
    return now_ ? gst_video_overlay_composition_ref(now_.get()) : nullptr;
  }

 private:
  void compose(GstElement* element, std::int64_t frame) {
    holds_ = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    now_.reset();
    for (std::size_t i = 0; i < overlays_.size(); ++i) {
      const auto frames = overlays_[i].frames;
      for (const auto edge : {frames.first, frames.end}) {
        if (edge <= frame) holds_.first = std::max(holds_.first, edge);
        if (edge > frame) holds_.end = std::min(holds_.end, edge);
      }
      if (frames.contains(frame))
        add(drawn(element, i));
      else
        drawn_.erase(i);
    }
  }

  void add(GstVideoOverlayRectangle* rectangle) {
    if (!rectangle) return;
    if (now_)
      gst_video_overlay_composition_add_rectangle(now_.get(), rectangle);
    else
      now_.reset(gst_video_overlay_composition_new(rectangle));
  }

  GstVideoOverlayRectangle* drawn(GstElement* element, std::size_t index) {
    const auto known = drawn_.find(index);
    if (known != drawn_.end()) return known->second.get();
    const auto& overlay = overlays_[index];
    const auto picture =
        overlay.kind == OverlayKind::logo ? logo(element, overlay) : draw_text(overlay);
    auto& made = drawn_[index];
    if (picture.surface) made = rectangle_of(picture);
    return made.get();
  }

  PlacedPicture logo(GstElement* element, const Overlay& o) {
    const auto path = paths_.find(o.asset);
    const auto location = path == paths_.end() ? o.asset : path->second;
    auto surface = load_clear_picture(location, {o.rect.width, o.rect.height});
    if (surface) {
      if (o.opacity < 1000) fade(surface->get(), o.opacity);
      return trimmed(std::move(*surface), o.rect);
    }
    const auto& why = surface.error().message;
    if (on_damage_ == OnDamage::fail)
      GST_ELEMENT_ERROR(element, STREAM, DECODE, ("%s: %s.", location.c_str(), why.c_str()),
                        ("the logo"));
    else
      post_substitution(element,
                        {.asset = o.asset,
                         .pointer = "/logo/asset",
                         .what = "unreadable",
                         .when = {grid_.start(o.frames.first), grid_.start(o.frames.end)},
                         .why = why},
                        location.c_str());
    return {};
  }

  const FrameGrid grid_;
  const std::int64_t first_;
  const std::vector<Overlay> overlays_;
  const OnDamage on_damage_;
  AssetPaths paths_;
  FrameRange holds_;                           // the frames for which `now_` is right
  CompositionPtr now_;                         // nullptr: nothing is drawn
  std::map<std::size_t, RectanglePtr> drawn_;  // of the overlays in `now_`
};

GstVideoOverlayComposition* draw(GstElement* element, GstSample* sample, gpointer drawer) {
  const auto time = gst_segment_to_stream_time(gst_sample_get_segment(sample), GST_FORMAT_TIME,
                                               GST_BUFFER_PTS(gst_sample_get_buffer(sample)));
  if (!GST_CLOCK_TIME_IS_VALID(time)) return nullptr;
  return static_cast<OverlayDrawer*>(drawer)->at(element,
                                                 Nanoseconds{static_cast<std::int64_t>(time)});
}

}  // namespace

Result<GstElement*> add_overlays(GstElement* bin, GstElement* composed, const GraphInput& input) {
  const auto element = add_element(bin, "overlaycomposition");
  if (!element) return element;
  if (auto done = link(composed, "src", *element, "sink"); !done)
    return tl::unexpected(done.error());
  g_signal_connect_data(
      *element, "draw", G_CALLBACK(draw), new OverlayDrawer{input},
      [](gpointer drawer, GClosure*) { delete static_cast<OverlayDrawer*>(drawer); },
      static_cast<GConnectFlags>(0));
  return element;
}

}  // namespace rostrum
