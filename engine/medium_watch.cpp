// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/medium_watch.h"

#include "lib/gst_ptr.h"

#include <algorithm>
#include <cstring>

namespace rostrum {

namespace {

constexpr Nanoseconds kPatience{300ms};  // for a stream that begins late in the file

bool is(GstPad* pad, const char* prefix) {
  const auto caps = adopt(gst_pad_query_caps(pad, nullptr));
  if (!caps || gst_caps_get_size(caps.get()) == 0) return false;
  return g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)), prefix);
}

Nanoseconds time_on(GstPad* pad, GstClockTime pts) {
  const auto event = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event || !GST_CLOCK_TIME_IS_VALID(pts)) return kNoTime;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  return stream_time(*segment, pts);
}

}  // namespace

Nanoseconds stream_time(const GstSegment& segment, GstClockTime pts) {
  guint64 time = 0;
  const int sign = gst_segment_to_stream_time_full(&segment, GST_FORMAT_TIME, pts, &time);
  return sign == 0 ? kNoTime : Nanoseconds{sign * static_cast<std::int64_t>(time)};
}

void MediumWatch::watch(GstElement* decodebin) {
  g_signal_connect(decodebin, "deep-element-added",
                   G_CALLBACK(+[](GstBin*, GstBin*, GstElement* element, gpointer data) {
                     const char* klass =
                         gst_element_get_metadata(element, GST_ELEMENT_METADATA_KLASS);
                     if (klass && std::strstr(klass, "Demux"))
                       static_cast<MediumWatch*>(data)->on_demuxer(element);
                   }),
                   this);
}

void MediumWatch::on_demuxer(GstElement* demuxer) {
  g_signal_connect(demuxer, "pad-added", G_CALLBACK(+[](GstElement*, GstPad* pad, gpointer data) {
                     static_cast<MediumWatch*>(data)->on_stream(pad);
                   }),
                   this);
}

void MediumWatch::on_stream(GstPad* pad) {
  const bool picture = is(pad, "video/");
  if (!picture && !is(pad, "audio/")) return;
  {
    const std::lock_guard lock{signal_.mutex};
    ++unseen_;
  }
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* p, GstPadProbeInfo* info, gpointer data) {
        static_cast<MediumWatch*>(data)->on_first_packet(p, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_REMOVE;
      },
      this, nullptr);
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer data) {
        ++static_cast<MediumWatch*>(data)->packets_;
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  if (!picture) return;
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* p, GstPadProbeInfo* info, gpointer data) {
        static_cast<MediumWatch*>(data)->on_picture(p, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

void MediumWatch::on_first_packet(GstPad* pad, GstBuffer* packet) {
  const auto time = time_on(
      pad, GST_BUFFER_PTS_IS_VALID(packet) ? GST_BUFFER_PTS(packet) : GST_BUFFER_DTS(packet));
  const std::lock_guard lock{signal_.mutex};
  --unseen_;
  if (time != kNoTime) first_ = std::min(first_.value_or(time), time);
  signal_.changed.notify_all();
}

void MediumWatch::on_picture(GstPad* pad, GstBuffer* packet) {
  const auto time = time_on(pad, GST_BUFFER_PTS(packet));
  const auto length = GST_BUFFER_DURATION(packet);
  const std::lock_guard lock{signal_.mutex};
  if (time == kNoTime || time < last_) return;
  last_ = time;
  last_end_ = GST_CLOCK_TIME_IS_VALID(length)
                  ? time + Nanoseconds{static_cast<std::int64_t>(length)}
                  : kNoTime;
}

Nanoseconds MediumWatch::end_of_last(Nanoseconds pts) {
  constexpr Nanoseconds kRounding{1ms};
  const std::lock_guard lock{signal_.mutex};
  return last_ <= pts + kRounding && pts <= last_ + kRounding ? last_end_ : kNoTime;
}

Nanoseconds MediumWatch::wait_start(const std::function<bool()>& given_up) {
  std::unique_lock lock{signal_.mutex};
  signal_.changed.wait_for(lock, kPatience, [&] { return unseen_ <= 0 || given_up(); });
  return std::max(first_.value_or(0ns), Nanoseconds{0});
}

}  // namespace rostrum
