// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes from the source pads of speakerswitch up, and queries.
#include "speakerswitch/speaker_switch_pad.h"
#include "speakerswitch/switchboard.h"

namespace rostrum {

bool Switchboard::for_each_input(const Each& each) {
  bool any = false;
  for (const auto& input : state_.inputs()) {
    const auto pad = adopt(gst_element_get_static_pad(element_, input->name.c_str()));
    if (pad && &input_of(pad.get()) == input.get()) any = each(*input, pad.get()) || any;
  }
  return any;
}

bool Switchboard::for_active(Medium medium, const Each& each) {
  return for_each_input([&](SwitchInput& input, GstPad* pad) {
    return input.medium == medium && state_.is_active(input) && each(input, pad);
  });
}

bool Switchboard::query_caps(SwitchInput& input, GstPad* pad, GstQuery* query) {
  GstCaps* filter = nullptr;
  gst_query_parse_caps(query, &filter);
  const auto all = adopt(gst_pad_get_pad_template_caps(pad));
  const auto wanted =
      filter ? adopt(gst_caps_intersect_full(filter, all.get(), GST_CAPS_INTERSECT_FIRST))
             : retain(all.get());
  const auto* out = output(input.medium);
  const auto allowed = out ? adopt(gst_pad_peer_query_caps(out->pad(), wanted.get())) : nullptr;
  const auto result =
      allowed ? adopt(gst_caps_intersect(allowed.get(), wanted.get())) : retain(wanted.get());
  gst_query_set_caps_result(query, result.get());
  return true;
}

bool Switchboard::query(SwitchInput& input, GstPad* pad, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
  case GST_QUERY_CAPS:
    return query_caps(input, pad, query);
  case GST_QUERY_ALLOCATION:
    return false;  // one downstream pool cannot serve several streams
  case GST_QUERY_ACCEPT_CAPS:
    return gst_pad_query_default(pad, GST_OBJECT(element_), query);
  default: {
    const auto* out = output(input.medium);
    return out && gst_pad_peer_query(out->pad(), query);
  }
  }
}

bool Switchboard::query_latency(GstQuery* query) {
  bool live = false;
  GstClockTime least = 0;
  GstClockTime most = GST_CLOCK_TIME_NONE;
  const auto ask = [&](SwitchInput&, GstPad* pad) {
    const auto peer = adopt(gst_query_new_latency());
    gboolean is_live = FALSE;
    GstClockTime min = 0;
    GstClockTime max = 0;
    if (!gst_pad_peer_query(pad, peer.get())) return false;
    gst_query_parse_latency(peer.get(), &is_live, &min, &max);
    if (!is_live) return true;
    live = true;
    least = std::max(least, min);
    most = std::min(most, max);
    return true;
  };
  for_each_input(ask);
  gst_query_set_latency(query, live, least, most);
  latency_known_ = true;
  state_.set_latency(live ? std::optional{Nanoseconds{static_cast<std::int64_t>(least)}}
                          : std::nullopt);
  if (live && least > most)
    GST_ELEMENT_WARNING(element_, CORE, CLOCK,
                        ("The sources cannot be played together: one is late by more than another "
                         "keeps. A queue before the pads helps."),
                        ("latency %" GST_TIME_FORMAT " to %" GST_TIME_FORMAT, GST_TIME_ARGS(least),
                         GST_TIME_ARGS(most)));
  return true;
}

// Before anybody downstream has asked.
void Switchboard::ask_latency() {
  const auto query = adopt(gst_query_new_latency());
  query_latency(query.get());
}

bool Switchboard::source_query(Medium medium, GstPad* pad, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
  case GST_QUERY_LATENCY:
    return query_latency(query);
  case GST_QUERY_CAPS:
  case GST_QUERY_ACCEPT_CAPS:
    return gst_pad_query_default(pad, GST_OBJECT(element_), query);
  default:
    return for_active(medium, [&](SwitchInput&, GstPad* sink) -> bool {
      return gst_pad_peer_query(sink, query);
    });
  }
}

void Switchboard::flush_outputs(bool begin, guint32 seqnum) {
  for (const auto& output : outputs_) {
    if (!output) continue;
    auto* event = begin ? gst_event_new_flush_start() : gst_event_new_flush_stop(TRUE);
    gst_event_set_seqnum(event, seqnum);
    gst_pad_push_event(output->pad(), event);
  }
}

// Downstream is flushed here, before and after: each pad's own flushes come at their own times.
bool Switchboard::flushing_seek(GstEvent* event) {
  const auto seqnum = gst_event_get_seqnum(event);
  state_.seek_start();
  flush_outputs(true, seqnum);
  SwitchInputs refused;
  const bool done = for_each_input([&](SwitchInput& input, GstPad* pad) -> bool {
    if (gst_pad_push_event(pad, gst_event_ref(event))) return true;
    for (const auto& other : state_.inputs())
      if (other.get() == &input) refused.push_back(other);
    return false;
  });
  state_.seek_quiet();
  for (const auto& output : outputs_)
    if (output) output->flushed();
  flush_outputs(false, seqnum);
  state_.seek_end(refused);
  return done;
}

// A pipeline sends one seek through each of its sinks: it is carried out once.
bool Switchboard::seek(GstEvent* event) {
  gdouble rate = 1;
  GstSeekFlags flags{};
  gst_event_parse_seek(event, &rate, nullptr, &flags, nullptr, nullptr, nullptr, nullptr);
  if (rate <= 0) return false;
  const std::lock_guard one{seek_mutex_};
  const auto seqnum = gst_event_get_seqnum(event);
  if (seqnum == last_seek_) return last_seek_done_;
  last_seek_ = seqnum;
  last_seek_done_ = (flags & GST_SEEK_FLAG_FLUSH)
                        ? flushing_seek(event)
                        : for_each_input([&](SwitchInput&, GstPad* pad) -> bool {
                            return gst_pad_push_event(pad, gst_event_ref(event));
                          });
  return last_seek_done_;
}

bool Switchboard::source_event(Medium medium, GstPad*, GstPtr<GstEvent> event) {
  const auto push = [&](SwitchInput&, GstPad* pad) -> bool {
    return gst_pad_push_event(pad, gst_event_ref(event.get()));
  };
  switch (GST_EVENT_TYPE(event.get())) {
  case GST_EVENT_SEEK:
    return seek(event.get());
  case GST_EVENT_LATENCY:
    return for_each_input(push);
  case GST_EVENT_RECONFIGURE:
    return for_each_input([&](SwitchInput& input, GstPad* pad) {
      return input.medium == medium && push(input, pad);
    });
  default:
    return for_active(medium, push);
  }
}

}  // namespace rostrum
