// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/window/packet_feed.h"

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

constexpr guint64 kQueueTime = GST_SECOND;
constexpr guint64 kQueueBytes = 16 << 20;

GstAppSrc* app_source(const GstPtr<GstElement>& source) { return GST_APP_SRC(source.get()); }

}  // namespace

PacketFeed::PacketFeed(FilmSource& film, bool sound, std::function<void()> hungry)
    : film_{film},
      sound_{sound},
      hungry_{std::move(hungry)},
      source_{retain(gst_element_factory_make("appsrc", nullptr))} {
  g_object_set(source_.get(), "format", GST_FORMAT_TIME, "stream-type",
               GST_APP_STREAM_TYPE_SEEKABLE, "max-time", kQueueTime, "max-bytes", kQueueBytes,
               nullptr);
  GstAppSrcCallbacks callbacks{};
  callbacks.need_data = on_need;
  callbacks.enough_data = on_enough;
  callbacks.seek_data = on_seek;
  gst_app_src_set_callbacks(app_source(source_), &callbacks, this, nullptr);
  const auto pad = adopt(gst_element_get_static_pad(source_.get(), "src"));
  if (sound)
    gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, nullptr, nullptr);
}

// Parsers leave out packets before the segment, which the decoder needs: so it begins earlier, but
// at the same running time.
GstPadProbeReturn PacketFeed::on_event(GstPad*, GstPadProbeInfo* info, gpointer) {
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEGMENT) return GST_PAD_PROBE_OK;
  constexpr auto kEarlier = static_cast<guint64>(kMostPreRoll.count());
  GstSegment segment;
  gst_event_copy_segment(event, &segment);
  segment.start -= kEarlier;
  segment.time -= kEarlier;
  segment.offset += kEarlier;
  auto earlier = adopt(gst_event_new_segment(&segment));
  gst_event_set_seqnum(earlier.get(), gst_event_get_seqnum(event));
  gst_event_unref(event);
  GST_PAD_PROBE_INFO_DATA(info) = earlier.release();
  return GST_PAD_PROBE_OK;
}

// An element that does not run yet keeps the seek for when it does.
void PacketFeed::begin_at(Nanoseconds t) {
  gst_element_set_state(source_.get(), GST_STATE_READY);
  gst_element_send_event(
      source_.get(), gst_event_new_seek(1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
                                        (t + kFilmBegin).count(), GST_SEEK_TYPE_NONE, -1));
}

void PacketFeed::on_need(GstAppSrc*, guint, gpointer self) {
  auto& feed = *static_cast<PacketFeed*>(self);
  feed.wanted_ = true;
  feed.hungry_();
}

void PacketFeed::on_enough(GstAppSrc*, gpointer self) {
  static_cast<PacketFeed*>(self)->wanted_ = false;
}

gboolean PacketFeed::on_seek(GstAppSrc*, guint64 to, gpointer self) {
  static_cast<PacketFeed*>(self)->go_to(Nanoseconds{static_cast<std::int64_t>(to)} - kFilmBegin);
  return TRUE;
}

void PacketFeed::go_to(Nanoseconds t) {
  from_ = std::max(t, 0ns);
  part_ = nullptr;
  finished_ = false;
  wanted_ = false;  // it is asked for anew
}

PacketFeed::Next PacketFeed::open_next(Nanoseconds end) {
  const bool first = !part_;
  auto number = number_ + 1;
  if (first) number = film_.part_at(sound_, from_);
  if (number >= film_.parts(sound_) || film_.begin_of(sound_, number) >= end)
    return Next::behind_the_end;
  auto part = film_.part(sound_, number);
  if (!part) return Next::not_there;
  next_ = first ? entry_of(part->packets, from_, sound_) : part->own;
  part_ = std::move(part);
  number_ = number;
  return Next::opened;
}

void PacketFeed::push(const FilmPacket& packet) {
  auto buffer = part_->file->read(packet.offset, packet.size);
  if (!buffer) return;  // a decoder can do without
  GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>((packet.time + kFilmBegin).count());
  GST_BUFFER_DURATION(buffer.get()) = static_cast<GstClockTime>(packet.duration.count());
  if (!packet.sync) GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DELTA_UNIT);
  const auto sample = adopt(gst_sample_new(buffer.get(), part_->caps.get(), nullptr, nullptr));
  gst_app_src_push_sample(app_source(source_), sample.get());
}

PacketFeed::Fed PacketFeed::feed(Nanoseconds end) {
  while (wanted_ && !finished_) {
    if (!part_ || next_ == part_->packets.size()) {
      const auto next = open_next(end);
      if (next == Next::behind_the_end) return Fed::all;
      if (next == Next::not_there) return Fed::some;
      continue;
    }
    const auto& packet = part_->packets[next_];
    if (sound_ && packet.end() > end) return Fed::all;
    ++next_;
    push(packet);
  }
  return Fed::some;
}

void PacketFeed::finish(Nanoseconds end) {
  if (std::exchange(finished_, true)) return;
  while (sound_) {
    const bool empty = !part_ || next_ == part_->packets.size();
    if (empty && open_next(end) != Next::opened) break;
    const auto& packet = part_->packets[next_];
    if (packet.time >= end) break;
    ++next_;
    push(packet);
  }
  gst_app_src_end_of_stream(app_source(source_));
}

}  // namespace rostrum
