// SPDX-License-Identifier: LGPL-2.1-or-later
#include "jobsrc/job_qos.h"

#include <algorithm>

namespace rostrum {

namespace {

guint64 begin_of(const GraphBegin& begin) { return static_cast<guint64>(begin.at.count()); }

}  // namespace

GstEvent* qos_in_graph_time(GstEvent* event, const GraphBegin& begin) {
  GstQOSType type = GST_QOS_TYPE_OVERFLOW;
  gdouble proportion = 1;
  GstClockTimeDiff late = 0;
  GstClockTime time = 0;
  gst_event_parse_qos(event, &type, &proportion, &late, &time);
  guint64 at = 0;
  if (gst_segment_position_from_running_time_full(&begin.segment, GST_FORMAT_TIME, time, &at) <=
          0 ||
      at < begin_of(begin))
    return nullptr;
  const auto scaled =
      static_cast<GstClockTimeDiff>(static_cast<gdouble>(late) * begin.segment.rate);
  const auto there = at - begin_of(begin);
  // No earlier than the graph began.
  return gst_event_new_qos(type, proportion,
                           std::max(scaled, -static_cast<GstClockTimeDiff>(there)), there);
}

bool is_in(GstObject* object, const GraphBegin& begin) {
  std::unique_ptr<GstObject, Freed<gst_object_unref>> at{GST_OBJECT(gst_object_ref(object))};
  while (at && at.get() != begin.graph) at.reset(gst_object_get_parent(at.get()));
  return at != nullptr;
}

GstPtr<GstMessage> qos_in_film_time(GstMessage* message, const GraphBegin& begin) {
  gboolean live = FALSE;
  guint64 timestamp = 0, duration = 0, processed = 0, dropped = 0;
  gst_message_parse_qos(message, &live, nullptr, nullptr, &timestamp, &duration);
  if (!GST_CLOCK_TIME_IS_VALID(timestamp)) return nullptr;
  const auto at = begin_of(begin) + timestamp;
  auto made = adopt(gst_message_new_qos(
      GST_MESSAGE_SRC(message), live,
      gst_segment_to_running_time(&begin.segment, GST_FORMAT_TIME, at),
      gst_segment_to_stream_time(&begin.segment, GST_FORMAT_TIME, at), at, duration));
  gint64 jitter = 0;
  gdouble proportion = 1;
  gint quality = 0;
  gst_message_parse_qos_values(message, &jitter, &proportion, &quality);
  gst_message_set_qos_values(made.get(), jitter, proportion, quality);
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_message_parse_qos_stats(message, &format, &processed, &dropped);
  gst_message_set_qos_stats(made.get(), format, processed, dropped);
  gst_message_set_seqnum(made.get(), gst_message_get_seqnum(message));
  return made;
}

}  // namespace rostrum
