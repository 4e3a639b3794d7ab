// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/packet_ends.h"

#include "lib/gst_ptr.h"

#include <gst/audio/audio.h>

#include <algorithm>

namespace rostrum {

namespace {

// A single frame of which nobody says how long it lasts.
constexpr Nanoseconds kLoneFrame = 40ms;

// A header that ends so little after the last packet knows better.
constexpr Nanoseconds kCutShort = 120ms;

struct Timed {
  Nanoseconds from{0};
  Nanoseconds to{0};
  bool has_duration = false;
  Nanoseconds declared{0};  // the segment's end
};

// What one packet of the pad's caps lasts when it does not say so itself.
GstClockTime nominal_duration(GstPad* pad) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  int num = 0;
  int den = 1;
  if (!caps ||
      !gst_structure_get_fraction(gst_caps_get_structure(caps.get(), 0), "framerate", &num, &den) ||
      num <= 0)
    return 0;
  return gst_util_uint64_scale_int(GST_SECOND, den, num);
}

// The packet's span in stream time, as far as the segment shows it.
std::optional<Timed> in_stream_time(GstPad* pad, GstBuffer* buffer) {
  const GstClockTime from =
      GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : GST_BUFFER_DTS(buffer);
  const auto event = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event || !GST_CLOCK_TIME_IS_VALID(from)) return {};
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  if (segment->format != GST_FORMAT_TIME) return {};

  const bool has_duration = GST_BUFFER_DURATION_IS_VALID(buffer);
  const GstClockTime duration = has_duration ? GST_BUFFER_DURATION(buffer) : nominal_duration(pad);
  guint64 start = 0;
  guint64 stop = 0;
  if (!gst_segment_clip(segment, GST_FORMAT_TIME, from, from + duration, &start, &stop)) return {};
  // Some headers say where the last frame starts, not where it ends.
  if (stop - start < GST_MSECOND && stop == segment->stop) stop = from + duration;
  const auto length = Nanoseconds{stop - start};
  start = gst_segment_to_stream_time(segment, GST_FORMAT_TIME, start);
  if (!GST_CLOCK_TIME_IS_VALID(start)) return {};
  const auto declared = GST_CLOCK_TIME_IS_VALID(segment->stop)
                            ? gst_segment_to_stream_time(segment, GST_FORMAT_TIME, segment->stop)
                            : GST_CLOCK_TIME_NONE;
  return Timed{Nanoseconds{start}, Nanoseconds{start} + length, has_duration || duration > 0,
               Nanoseconds{GST_CLOCK_TIME_IS_VALID(declared) ? declared : 0}};
}

bool is_kind(GstPad* pad, const char* prefix) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  return caps && gst_caps_get_size(caps.get()) > 0 &&
         g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)), prefix);
}

// Of raw sound by its size, of coded sound as its parser says.
Nanoseconds sound_length(GstPad* pad, GstBuffer* buffer) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  GstAudioInfo info;
  if (is_kind(pad, "audio/x-raw") && gst_audio_info_from_caps(&info, caps.get()))
    return Nanoseconds{gst_util_uint64_scale_round(
        gst_buffer_get_size(buffer) / static_cast<gsize>(GST_AUDIO_INFO_BPF(&info)), GST_SECOND,
        static_cast<guint64>(GST_AUDIO_INFO_RATE(&info)))};
  return Nanoseconds{GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0};
}

}  // namespace

void PacketEnds::note(GstPad* pad, GstBuffer* buffer, PacketPoint point) {
  ++*packets_.lock();
  const auto time = in_stream_time(pad, buffer);
  const GCharPtr id{gst_pad_get_stream_id(pad)};
  if (!id) return;
  auto streams = streams_.lock();
  Seen& seen = (*streams)[{id.get(), point}];
  ++(time ? seen.placed : seen.timeless);
  if (!time) return;
  if (!seen.first) seen.first = time->from;
  if (const auto step = time->from - seen.latest.value_or(time->from); step > 0ns)
    seen.step = seen.step > 0ns ? std::min(seen.step, step) : step;
  if (seen.before) seen.widest = std::max(seen.widest, time->from - *seen.before);
  seen.before = std::max(seen.before.value_or(time->from), time->from);
  seen.declared = time->declared;
  seen.latest = std::max(seen.latest.value_or(time->from), time->from);
  seen.end = std::max(seen.end, time->to);
  seen.timed = seen.timed || time->has_duration;
  if (point == PacketPoint::container || !is_kind(pad, "audio/")) return;
  seen.sound.push_back({time->from, sound_length(pad, buffer)});
  tell(time->from);
  if (seen.frame == 0ns) seen.frame = seen.sound.back().length;
  seen.equal = is_kind(pad, "audio/mpeg");
}

// The bus only queues it: no handler runs here.
void PacketEnds::tell(Nanoseconds time) {
  auto limit = limit_.load();
  if (limit == kNoTime.count() || time.count() <= limit) return;
  if (limit_.compare_exchange_strong(limit, kNoTime.count()))
    gst_bus_post(bus_, gst_message_new_application(nullptr, nullptr));
}

GstPadProbeReturn PacketEnds::on_data(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  const auto* watch = static_cast<const Watch*>(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_FLUSH) {
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_FLUSH_STOP)
      watch->owner->flushed(pad, watch->point);
    return GST_PAD_PROBE_OK;
  }
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) {
    auto* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint i = 0; i < gst_buffer_list_length(list); ++i)
      watch->owner->note(pad, gst_buffer_list_get(list, i), watch->point);
  } else {
    watch->owner->note(pad, GST_PAD_PROBE_INFO_BUFFER(info), watch->point);
  }
  return watch->owner->drops(pad, watch->point) ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

bool PacketEnds::drops(GstPad* pad, PacketPoint point) const {
  if (point == PacketPoint::container) return !pictures_ && is_kind(pad, "video/");
  return !decoding_;  // a sink that got a raw frame would wait for the others to get theirs
}

void PacketEnds::flushed(GstPad* pad, PacketPoint point) {
  *packets_.lock() = 0;
  const GCharPtr id{gst_pad_get_stream_id(pad)};
  if (!id) return;
  auto streams = streams_.lock();
  auto& seen = (*streams)[{id.get(), point}];
  seen.widest = 0ns;
  seen.before.reset();
  seen.sound.clear();
}

void PacketEnds::watch(GstPad* pad, PacketPoint point) {
  const auto what = static_cast<GstPadProbeType>(
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST | GST_PAD_PROBE_TYPE_EVENT_FLUSH);
  gst_pad_add_probe(pad, what, on_data, new Watch{this, point},
                    [](gpointer watch) { delete static_cast<Watch*>(watch); });
}

// The container's own times where it says how long packets last, else the parser's; where nobody
// says, the last packet is taken to last as long as the closest two are apart.  Behind a decoder
// there is only the frame that was decoded, so that point counts for raw streams alone.
std::optional<StreamSpan> PacketEnds::span(const std::string& stream_id) {
  auto streams = streams_.lock();
  const Seen* first = nullptr;
  const Seen* best = nullptr;
  for (const auto point : {PacketPoint::container, PacketPoint::coded, PacketPoint::raw}) {
    const auto it = streams->find({stream_id, point});
    if (it == streams->end()) continue;
    const Seen& seen = it->second;
    if (point == PacketPoint::raw && streams->contains({stream_id, PacketPoint::coded})) continue;
    if (seen.placed <= seen.timeless) continue;
    if (!first) first = &seen;
    if (!best || (!best->timed && seen.timed)) best = &seen;
  }
  if (!best) return {};
  const auto end = best->timed ? best->end : *best->latest + best->step;
  StreamSpan span{*first->first, end > *first->first ? end : *first->first + kLoneFrame};
  const bool near = best->declared > span.end && best->declared <= span.end + kCutShort;
  span.declared_end = near ? best->declared : span.end;
  return span;
}

bool PacketEnds::met(const std::string& stream_id) {
  auto streams = streams_.lock();
  for (const auto point : {PacketPoint::container, PacketPoint::coded, PacketPoint::raw})
    if (const auto seen = streams->find({stream_id, point}); seen != streams->end())
      if (seen->second.before) return true;
  return false;
}

Nanoseconds PacketEnds::widest_step(const std::string& stream_id) {
  auto streams = streams_.lock();
  const auto seen = streams->find({stream_id, PacketPoint::container});
  return seen == streams->end() ? 0ns : seen->second.widest;
}

std::size_t PacketEnds::count(const std::string& stream_id) {
  auto streams = streams_.lock();
  const auto seen = streams->find({stream_id, PacketPoint::coded});
  return seen == streams->end() ? 0 : seen->second.placed + seen->second.timeless;
}

// How long packets of AAC or MP3 are is not always said, and what a container says is the time to
// the next: the frame that was decoded knows.
PacketEnds::Packets PacketEnds::sound(const std::string& stream_id) {
  auto streams = streams_.lock();
  const auto raw = streams->find({stream_id, PacketPoint::raw});
  const auto coded = streams->find({stream_id, PacketPoint::coded});
  if (coded == streams->end()) return raw == streams->end() ? Packets{} : raw->second.sound;
  auto packets = coded->second.sound;
  if (coded->second.equal && raw != streams->end() && raw->second.frame > 0ns)
    for (auto& packet : packets) packet.length = raw->second.frame;
  return packets;
}

}  // namespace rostrum
