// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/rendition_frames.h"

#include "core/renditions.h"
#include "core/still_frames.h"
#include "engine/elements.h"
#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <algorithm>
#include <vector>

namespace rostrum {

namespace {

// Streaming thread only.
class KeyFrames {
 public:
  explicit KeyFrames(const Slice& slice)
      : frames_{coded_frames(slice, true)}, keys_{key_frames(slice.grid, slice.frames)} {}

  // Before the frame goes in: the next one that an encoder gets becomes a key frame.
  static GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo*, gpointer self) {
    static_cast<KeyFrames*>(self)->ask(pad);
    return GST_PAD_PROBE_OK;
  }
  static void destroy(gpointer self) { delete static_cast<KeyFrames*>(self); }

 private:
  void ask(GstPad* pad) {
    if (next_ == frames_.size()) return;  // what there should not be: see check_chunk()
    if (!std::binary_search(keys_.begin(), keys_.end(), frames_[next_++])) return;
    constexpr auto kNext = GST_CLOCK_TIME_NONE;
    gst_pad_send_event(
        pad, gst_video_event_new_downstream_force_key_unit(kNext, kNext, kNext, FALSE, ++count_));
  }

  const std::vector<std::int64_t> frames_;  // that come
  const std::vector<std::int64_t> keys_;
  std::size_t next_ = 0;
  guint count_ = 0;
};

// What stands still comes as the same memory again and again (engine/still_frames.h), and is scaled
// once.  Streaming thread only.
class ScaledOnce {
 public:
  explicit ScaledOnce(GstPad* scaled) : scaled_{retain(scaled)} {}

  static GstPadProbeReturn on_frame(GstPad*, GstPadProbeInfo* info, gpointer self) {
    return static_cast<ScaledOnce*>(self)->take(info);
  }
  static GstPadProbeReturn on_scaled(GstPad*, GstPadProbeInfo* info, gpointer self) {
    static_cast<ScaledOnce*>(self)->last_ = retain(GST_PAD_PROBE_INFO_BUFFER(info));
    return GST_PAD_PROBE_OK;
  }
  static void destroy(gpointer self) { delete static_cast<ScaledOnce*>(self); }

 private:
  GstPadProbeReturn take(GstPadProbeInfo* info) {
    auto* frame = GST_PAD_PROBE_INFO_BUFFER(info);
    if (!last_ || !is_same(frame)) {
      of_ = retain(frame);  // kept, so that no other picture gets its memory
      return GST_PAD_PROBE_OK;
    }
    auto again = adopt(gst_buffer_copy(last_.get()));  // not of what it holds
    gst_buffer_copy_into(again.get(), frame, GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
    gst_buffer_unref(frame);
    GST_PAD_PROBE_INFO_FLOW_RETURN(info) = gst_pad_push(scaled_.get(), again.release());
    return GST_PAD_PROBE_HANDLED;
  }

  bool is_same(GstBuffer* frame) const {
    return of_ && gst_buffer_n_memory(frame) == 1 && gst_buffer_n_memory(of_.get()) == 1 &&
           gst_buffer_peek_memory(frame, 0) == gst_buffer_peek_memory(of_.get(), 0);
  }

  const GstPtr<GstPad> scaled_;
  GstPtr<GstBuffer> of_;    // the frame that was scaled last
  GstPtr<GstBuffer> last_;  // what came of it
};

// `frames`: where they go in, `scaled`: where they come out.
void scale_once(GstPad* frames, GstPad* scaled) {
  auto* state = new ScaledOnce{scaled};
  gst_pad_add_probe(frames, GST_PAD_PROBE_TYPE_BUFFER, ScaledOnce::on_frame, state,
                    ScaledOnce::destroy);
  gst_pad_add_probe(scaled, GST_PAD_PROBE_TYPE_BUFFER, ScaledOnce::on_scaled, state, nullptr);
}

}  // namespace

Result<GstElement*> add_tee(GstElement* pipeline, GstElement* composed, const Slice& slice) {
  auto tee = add_element(pipeline, "tee");
  if (!tee) return tee;
  if (auto done = link(composed, "src", *tee, "sink"); !done) return tl::unexpected(done.error());
  const auto pad = adopt(gst_element_get_static_pad(*tee, "sink"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, KeyFrames::on_frame, new KeyFrames{slice},
                    KeyFrames::destroy);
  return tee;
}

Result<GstElement*> add_scaled(GstElement* pipeline, GstElement* tee, Size size) {
  auto scale = add_element(pipeline, "videoscale");
  if (!scale) return scale;
  // Of all methods that look at every pixel the sharpest; its width may be off the aspect by one.
  gst_util_set_object_arg(G_OBJECT(*scale), "method", "lanczos");
  g_object_set(*scale, "add-borders", FALSE, nullptr);
  auto filter = add_element(pipeline, "capsfilter");
  if (!filter) return filter;
  const auto caps = adopt(gst_caps_new_simple(
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, size.width, "height",
      G_TYPE_INT, size.height, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, nullptr));
  g_object_set(*filter, "caps", caps.get(), nullptr);
  auto done = link(tee, kTeePad, *scale, "sink").and_then([&] {
    return link(*scale, "src", *filter, "sink");
  });
  if (!done) return tl::unexpected(done.error());
  const auto frames = adopt(gst_element_get_static_pad(*scale, "sink"));
  const auto scaled = adopt(gst_element_get_static_pad(*filter, "src"));
  scale_once(frames.get(), scaled.get());
  return filter;
}

}  // namespace rostrum
