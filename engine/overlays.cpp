// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/overlays.h"

#include "core/sprite.h"
#include "engine/graph_sources.h"
#include "engine/picture.h"
#include "engine/substitution.h"
#include "engine/text_picture.h"
#include "engine/tile_edge.h"

#include <limits>
#include <map>
#include <utility>

namespace rostrum {

namespace {

Sprite sprite_of(const PlacedPicture& picture) {
  cairo_surface_flush(picture.surface.get());
  return make_sprite(
      reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(picture.surface.get())),
      cairo_image_surface_get_stride(picture.surface.get()) / 4, picture.rect);
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
        on_damage_{input.on_damage},
        info_{frame_info(input.slice.canvas)} {
    for (const auto& o : overlays_)
      if (const auto path = input.paths.find(o.asset); path != input.paths.end())
        paths_.insert(*path);
  }

  // Draws what stands in the frame at `time`, counted from the slice's first frame; the buffer is
  // taken and another one may be given back.
  GstBuffer* draw(GstElement* element, GstBuffer* buffer, Nanoseconds time) {
    const auto frame = first_ + grid_.frames(time);
    if (!holds_.contains(frame)) look_up(element, frame);
    if (drawn_.empty()) return buffer;
    buffer = gst_buffer_make_writable(buffer);
    GstVideoFrame mapped;
    if (!gst_video_frame_map(&mapped, &info_, buffer, GST_MAP_READWRITE)) return buffer;
    const auto plane = [&](guint i) {
      return static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&mapped, i));
    };
    const I420Planes planes{plane(0), plane(1), plane(2), GST_VIDEO_FRAME_PLANE_STRIDE(&mapped, 0),
                            GST_VIDEO_FRAME_PLANE_STRIDE(&mapped, 1)};
    const Size size{GST_VIDEO_FRAME_WIDTH(&mapped), GST_VIDEO_FRAME_HEIGHT(&mapped)};
    for (const auto& [index, sprite] : drawn_) blend(sprite, planes, size);
    gst_video_frame_unmap(&mapped);
    return buffer;
  }

 private:
  // What stands in this frame, and for how long nothing changes.
  void look_up(GstElement* element, std::int64_t frame) {
    holds_ = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    for (std::size_t i = 0; i < overlays_.size(); ++i) {
      const auto frames = overlays_[i].frames;
      for (const auto edge : {frames.first, frames.end}) {
        if (edge <= frame) holds_.first = std::max(holds_.first, edge);
        if (edge > frame) holds_.end = std::min(holds_.end, edge);
      }
      if (!frames.contains(frame))
        drawn_.erase(i);
      else if (!drawn_.contains(i))
        drawn_.emplace(i, picture_of(element, overlays_[i]));
    }
  }

  Sprite picture_of(GstElement* element, const Overlay& overlay) {
    const auto picture = overlay.kind == OverlayKind::logo   ? logo(element, overlay)
                         : overlay.kind == OverlayKind::edge ? draw_edge(overlay)
                                                             : draw_text(overlay);
    return picture.surface ? sprite_of(picture) : Sprite{};
  }

  PlacedPicture logo(GstElement* element, const Overlay& o) {
    const auto path = paths_.find(o.asset);
    const auto location = path == paths_.end() ? name_without_file(o.asset) : path->second;
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
  const GstVideoInfo info_;
  FrameRange holds_;                     // the frames for which `drawn_` is right
  std::map<std::size_t, Sprite> drawn_;  // by index, in the order in which they are drawn
};

GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer drawer) {
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto event = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event) return GST_PAD_PROBE_OK;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  const auto time = gst_segment_to_stream_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(time)) return GST_PAD_PROBE_OK;
  const auto element = adopt(gst_pad_get_parent_element(pad));
  GST_PAD_PROBE_INFO_DATA(info) = static_cast<OverlayDrawer*>(drawer)->draw(
      element.get(), buffer, Nanoseconds{static_cast<std::int64_t>(time)});
  return GST_PAD_PROBE_OK;
}

}  // namespace

void draw_overlays(GstElement* composed, const GraphInput& input) {
  const auto pad = adopt(gst_element_get_static_pad(composed, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_frame, new OverlayDrawer{input},
                    [](gpointer drawer) { delete static_cast<OverlayDrawer*>(drawer); });
}

}  // namespace rostrum
