// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speakerswitch/switch_output.h"

#include <algorithm>

namespace rostrum {

namespace {

GstClockTime to_gst(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }

}  // namespace

// Stream-start, caps of `from` and segment, as far as they are due.
void SwitchOutput::begin(const SwitchInput* from) {
  if (!stream_started_) {
    const GCharPtr id{
        g_strdup_printf("%s-%08x%08x", GST_PAD_NAME(pad_), g_random_int(), g_random_int())};
    auto* event = gst_event_new_stream_start(id.get());
    gst_event_set_group_id(event, group_);
    gst_pad_push_event(pad_, event);
    stream_started_ = true;
  }
  if (from && from->caps && (!caps_ || !gst_caps_is_equal(caps_.get(), from->caps.get()))) {
    caps_ = retain(from->caps.get());
    gst_pad_push_event(pad_, gst_event_new_caps(caps_.get()));
  }
  if (!segment_sent_) {
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(pad_, gst_event_new_segment(&segment));
    segment_sent_ = true;
  }
}

// Without what would overlap what was put out of another; nothing when nothing is left.
GstPtr<GstBuffer> SwitchOutput::fit(const SwitchInput& from, GstPtr<GstBuffer> buffer,
                                    Nanoseconds& start, Nanoseconds end) {
  if (!any_) return buffer;
  if (medium_ == Medium::video || last_ == from.serial) {
    if (start <= start_) return nullptr;
    return buffer;
  }
  if (start >= end_) return buffer;
  if (end <= end_) return nullptr;
  const auto late = static_cast<guint64>((end_ - start).count());
  const auto frames = gst_util_uint64_scale_round(late, static_cast<guint64>(from.info.rate),
                                                  static_cast<guint64>(GST_SECOND));
  const auto size = gst_buffer_get_size(buffer.get()) / static_cast<gsize>(from.info.bpf);
  if (frames >= size) return nullptr;
  start = end_;
  return adopt(gst_audio_buffer_truncate(buffer.release(), from.info.bpf, frames, size - frames));
}

GstFlowReturn SwitchOutput::push(const SwitchInput& from, GstPtr<GstBuffer> buffer,
                                 Nanoseconds start, Nanoseconds end) {
  buffer = fit(from, std::move(buffer), start, end);
  if (!buffer) return flow_;
  begin(&from);
  const bool other = last_ != from.serial;
  const bool discont = other && !GST_BUFFER_FLAG_IS_SET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
  const bool timed = GST_BUFFER_PTS(buffer.get()) == to_gst(start) &&
                     !GST_BUFFER_DTS_IS_VALID(buffer.get()) &&
                     (end == start || GST_BUFFER_DURATION(buffer.get()) == to_gst(end - start));
  if (discont || !timed) {
    buffer = adopt(gst_buffer_make_writable(buffer.release()));
    GST_BUFFER_PTS(buffer.get()) = to_gst(start);
    GST_BUFFER_DTS(buffer.get()) = GST_CLOCK_TIME_NONE;
    if (end > start) GST_BUFFER_DURATION(buffer.get()) = to_gst(end - start);
    if (discont) GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DISCONT);
  }
  last_ = from.serial;
  any_ = true;
  start_ = start;
  end_ = std::max(end_, end);
  const auto flow = gst_pad_push(pad_, buffer.release());
  // An output that is not linked is not wanted: the others go on.
  flow_ = flow == GST_FLOW_NOT_LINKED ? GST_FLOW_OK : flow;
  return flow_;
}

void SwitchOutput::gap(const SwitchInput& from, Nanoseconds start, Nanoseconds duration) {
  const auto end = start + duration;
  if (any_ && last_ != from.serial) start = std::max(start, end_);
  if ((any_ && start < start_) || end < start) return;
  begin(&from);
  end_ = std::max(end_, end);
  const auto length = duration > 0ns ? to_gst(end - start) : GST_CLOCK_TIME_NONE;
  gst_pad_push_event(pad_, gst_event_new_gap(to_gst(start), length));
}

void SwitchOutput::end() {
  begin(nullptr);
  gst_pad_push_event(pad_, gst_event_new_eos());
}

void SwitchOutput::flushed() {
  segment_sent_ = false;
  any_ = false;
  last_ = 0;
  start_ = end_ = Nanoseconds{0};
  flow_ = GST_FLOW_OK;
}

void SwitchOutput::start(guint group) {
  flushed();
  group_ = group;
  stream_started_ = false;
  caps_.reset();
}

}  // namespace rostrum
