// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speakerswitch/switchboard.h"

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

Nanoseconds from_gst(GstClockTime t) { return Nanoseconds{static_cast<std::int64_t>(t)}; }
GstClockTime to_gst(Nanoseconds t) { return static_cast<GstClockTime>(t.count()); }

Nanoseconds length_of(const SwitchInput& input, GstBuffer* buffer) {
  if (input.medium == Medium::audio) {
    const auto frames = gst_buffer_get_size(buffer) / static_cast<gsize>(input.info.bpf);
    const auto length = gst_util_uint64_scale_round(frames, static_cast<guint64>(GST_SECOND),
                                                    static_cast<guint64>(input.info.rate));
    return from_gst(length);
  }
  return GST_BUFFER_DURATION_IS_VALID(buffer) ? from_gst(GST_BUFFER_DURATION(buffer))
                                              : Nanoseconds{0};
}

Nanoseconds scaled(Nanoseconds length, const GstSegment& segment) {
  return std::abs(segment.rate) == 1
             ? length
             : Nanoseconds{
                   std::llround(static_cast<double>(length.count()) / std::abs(segment.rate))};
}

SampleFormat format_of(const GstAudioInfo& info) {
  switch (GST_AUDIO_INFO_FORMAT(&info)) {
  case GST_AUDIO_FORMAT_S16:
    return SampleFormat::s16;
  case GST_AUDIO_FORMAT_S32:
    return SampleFormat::s32;
  default:
    return SampleFormat::f32;
  }
}

GstPtr<GstMessage> speaker_message(GstElement* element, const SpeakerChange& change) {
  const StructurePtr levels{gst_structure_new_empty("levels")};
  for (const auto& [pad, level] : change.levels)
    gst_structure_set(levels.get(), pad.c_str(), G_TYPE_DOUBLE, static_cast<double>(level),
                      nullptr);
  auto* structure = gst_structure_new(
      "rostrum-speaker", "running-time", G_TYPE_UINT64, to_gst(change.at), "old", G_TYPE_STRING,
      change.old_pad.c_str(), "new", G_TYPE_STRING, change.new_pad.c_str(), "levels",
      GST_TYPE_STRUCTURE, levels.get(), nullptr);
  return adopt(gst_message_new_element(GST_OBJECT(element), structure));
}

}  // namespace

void Switchboard::set_output(Medium medium, GstPad* pad) {
  auto& output = outputs_[static_cast<std::size_t>(medium)];
  output = pad ? std::make_unique<SwitchOutput>(pad, medium) : nullptr;
}

void Switchboard::start() {
  latency_known_ = false;
  const auto group = gst_util_group_id_next();
  for (const auto& output : outputs_)
    if (output) output->start(group);
  state_.start();
}

void Switchboard::remove(SwitchInput& input) {
  state_.release(input);
  announce();
}

void Switchboard::announce() {
  for (auto changes = state_.next_changes(false); !changes.empty();
       changes = state_.next_changes(true)) {
    for (const auto& change : changes) {
      gst_element_post_message(element_, speaker_message(element_, change).release());
      g_object_notify(G_OBJECT(element_), "active-pad");
    }
  }
  for (const auto medium : kMedia) {
    if (!output(medium) || !state_.take_output_for_end(medium)) continue;
    output(medium)->end();
    state_.free_output(medium);
  }
}

// Where a buffer lies in running time.
std::optional<Switchboard::Place> Switchboard::place(const SwitchInput& input,
                                                     GstPtr<GstBuffer> buffer) {
  const auto& segment = input.segment;
  if (!GST_BUFFER_PTS_IS_VALID(buffer.get())) {
    const auto start = input.passed;  // goes on where the last one ended
    const auto length = scaled(length_of(input, buffer.get()), segment);
    return Place{std::move(buffer), start, start + length};
  }
  if (input.medium == Medium::audio) {
    buffer =
        adopt(gst_audio_buffer_clip(buffer.release(), &segment, input.info.rate, input.info.bpf));
    if (!buffer) return {};
  }
  const auto pts = GST_BUFFER_PTS(buffer.get());
  const auto length = length_of(input, buffer.get());
  const auto stop = length > 0ns ? pts + to_gst(length) : GST_CLOCK_TIME_NONE;
  guint64 from = 0;
  guint64 to = 0;
  if (!gst_segment_clip(&segment, GST_FORMAT_TIME, pts, stop, &from, &to)) return {};
  const auto start = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, from);
  if (!GST_CLOCK_TIME_IS_VALID(start)) return {};
  const auto rest = length > 0ns && to != GST_CLOCK_TIME_NONE ? from_gst(to - from) : 0ns;
  return Place{std::move(buffer), from_gst(start), from_gst(start) + scaled(rest, segment)};
}

void Switchboard::measure(SwitchInput& input, const Place& place) {
  GstMapInfo map;
  const bool sound = input.medium == Medium::audio &&
                     !GST_BUFFER_FLAG_IS_SET(place.buffer.get(), GST_BUFFER_FLAG_GAP) &&
                     gst_buffer_map(place.buffer.get(), &map, GST_MAP_READ);
  state_.arrive(input, place.start, place.end, [&](LevelMeter& meter) {
    if (!sound) return;
    const auto channels = static_cast<unsigned>(input.info.channels);
    const Samples samples{map.data, map.size / static_cast<gsize>(input.info.bpf), channels,
                          format_of(input.info)};
    meter.add(samples, input.info.rate * std::abs(input.segment.rate), place.start);
  });
  if (sound) gst_buffer_unmap(place.buffer.get(), &map);
}

// What a pad that is not shown must know of its output.
GstFlowReturn Switchboard::flow(const SwitchInput& input) {
  const auto* out = output(input.medium);
  const auto flow = out ? out->flow() : GST_FLOW_OK;
  return flow == GST_FLOW_FLUSHING ? GST_FLOW_OK : flow;
}

GstFlowReturn Switchboard::chain(SwitchInput& input, GstPtr<GstBuffer> buffer) {
  if (input.segment.format != GST_FORMAT_TIME || (input.medium == Medium::audio && !input.caps))
    return GST_FLOW_NOT_NEGOTIATED;
  if (!latency_known_) ask_latency();
  auto at = place(input, std::move(buffer));
  if (!at) return flow(input);
  measure(input, *at);
  announce();
  const auto fate = state_.await(input, at->start);
  announce();
  if (fate == Fate::flushing) return GST_FLOW_FLUSHING;
  if (fate == Fate::drop) {
    state_.dropped(input, at->end);
    return flow(input);
  }
  auto result = GST_FLOW_OK;
  if (auto* out = output(input.medium))
    result = out->push(input, std::move(at->buffer), at->start, at->end);
  state_.leave_output(input, at->end);
  announce();
  return result;
}

void Switchboard::gap(SwitchInput& input, GstEvent* event) {
  GstClockTime time = 0;
  GstClockTime duration = 0;
  gst_event_parse_gap(event, &time, &duration);
  const auto running = gst_segment_to_running_time(&input.segment, GST_FORMAT_TIME, time);
  if (input.segment.format != GST_FORMAT_TIME || !GST_CLOCK_TIME_IS_VALID(running)) return;
  const auto start = from_gst(running);
  const auto length = GST_CLOCK_TIME_IS_VALID(duration) ? scaled(from_gst(duration), input.segment)
                                                        : Nanoseconds{0};
  state_.arrive(input, start, start + length, [](LevelMeter&) {});
  const auto fate = state_.await(input, start);
  announce();
  if (fate == Fate::drop) state_.dropped(input, start + length);
  if (fate != Fate::put_out) return;
  if (auto* out = output(input.medium)) out->gap(input, start, length);
  state_.leave_output(input, start + length);
}

bool Switchboard::set_caps(SwitchInput& input, GstEvent* event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  if (input.medium == Medium::audio && !gst_audio_info_from_caps(&input.info, caps)) return false;
  input.caps = retain(caps);
  return true;
}

bool Switchboard::set_segment(SwitchInput& input, GstEvent* event) {
  GstSegment segment;
  gst_event_copy_segment(event, &segment);
  if (segment.format != GST_FORMAT_TIME || segment.rate <= 0) {
    GST_ELEMENT_ERROR(element_, STREAM, FORMAT,
                      ("%s: a segment in %s at rate %g; only time forwards is switched.",
                       input.name.c_str(), gst_format_get_name(segment.format), segment.rate),
                      (nullptr));
    return false;
  }
  input.segment = segment;
  return true;
}

bool Switchboard::event(SwitchInput& input, GstPad*, GstPtr<GstEvent> event) {
  bool done = true;
  switch (GST_EVENT_TYPE(event.get())) {
  case GST_EVENT_STREAM_START:
    state_.stream_start(input);
    break;
  case GST_EVENT_CAPS:
    done = set_caps(input, event.get());
    break;
  case GST_EVENT_SEGMENT:
    done = set_segment(input, event.get());
    break;
  case GST_EVENT_GAP:
    gap(input, event.get());
    break;
  case GST_EVENT_EOS:
    state_.end(input);
    break;
  case GST_EVENT_FLUSH_START:
    state_.flush_start(input);
    break;
  case GST_EVENT_FLUSH_STOP:
    gst_segment_init(&input.segment, GST_FORMAT_UNDEFINED);
    state_.flush_stop(input);
    break;
  default:
    break;  // of one person's stream, and not of what is put out
  }
  announce();
  return done;
}

}  // namespace rostrum
