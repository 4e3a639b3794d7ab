// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/still_frames.h"

#include "core/still_frames.h"
#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rostrum {

namespace {

// Streaming thread only.
class FrameHolder {
 public:
  FrameHolder(const Slice& slice, HeldFrames frames)
      : grid_{slice.grid}, end_{slice.frames.end}, frames_{std::move(frames)} {}

  static GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
    return static_cast<FrameHolder*>(self)->take(pad, info);
  }
  static void destroy(gpointer self) { delete static_cast<FrameHolder*>(self); }

 private:
  GstPadProbeReturn take(GstPad* pad, GstPadProbeInfo* info) {
    auto* frame = GST_PAD_PROBE_INFO_BUFFER(info);
    // What was pushed from here, and what there should not be: see check_chunk().
    if (pushing_ || taken_ == frames_.gathered.size()) return GST_PAD_PROBE_OK;
    if (!origin_) origin_ = GST_BUFFER_PTS(frame);
    const auto next = ++taken_ < frames_.gathered.size() ? frames_.gathered[taken_] : end_;
    auto flow = GST_FLOW_OK;
    for (; sent_ < frames_.wanted.size() && frames_.wanted[sent_] < next && flow == GST_FLOW_OK;
         ++sent_)
      flow = push(pad, frame);
    gst_buffer_unref(frame);
    GST_PAD_PROBE_INFO_FLOW_RETURN(info) = flow;
    return GST_PAD_PROBE_HANDLED;
  }

  // The next wanted frame, which shows that picture.
  GstFlowReturn push(GstPad* pad, GstBuffer* picture) {
    auto frame = adopt(gst_buffer_copy(picture));  // not of what it holds
    const auto n = frames_.wanted[sent_];
    const auto following = sent_ + 1 < frames_.wanted.size() ? frames_.wanted[sent_ + 1] : end_;
    GST_BUFFER_PTS(frame.get()) = *origin_ + since_first(n);
    GST_BUFFER_DURATION(frame.get()) = since_first(following) - since_first(n);
    ask_for_key_frame(pad, n, GST_BUFFER_PTS(frame.get()));
    pushing_ = true;
    const auto flow = gst_pad_push(pad, frame.release());
    pushing_ = false;
    return flow;
  }

  GstClockTime since_first(std::int64_t frame) const {
    return static_cast<GstClockTime>(grid_.start(frame - frames_.gathered.front()).count());
  }

  // Encoders count the frames from one key frame to the next, whatever their times.
  void ask_for_key_frame(GstPad* pad, std::int64_t frame, GstClockTime at) {
    if (sent_ == 0) last_key_ = frame;
    if (frames_.keyed || leaves_none_out() || frame - last_key_ < grid_.frames(kStillKeyFrames))
      return;
    last_key_ = frame;
    gst_pad_push_event(
        pad, gst_video_event_new_downstream_force_key_unit(at, at, at, FALSE, ++key_frames_));
  }

  bool leaves_none_out() const {
    return std::ssize(frames_.wanted) == end_ - frames_.wanted.front();
  }

  const FrameGrid grid_;
  const std::int64_t end_;
  const HeldFrames frames_;
  std::size_t taken_ = 0;  // of the composed frames
  std::size_t sent_ = 0;   // of the wanted ones
  std::int64_t last_key_ = 0;
  guint key_frames_ = 0;
  bool pushing_ = false;
  std::optional<GstClockTime> origin_;
};

}  // namespace

void hold_frames(GstElement* composed, const Slice& slice, HeldFrames frames) {
  const auto pad = adopt(gst_element_get_static_pad(composed, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, FrameHolder::on_frame,
                    new FrameHolder{slice, std::move(frames)}, FrameHolder::destroy);
}

}  // namespace rostrum
