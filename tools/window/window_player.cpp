// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tools/window/window_player.h"

#include "engine/autoplug.h"
#include "tools/output_file.h"

#include <gst/audio/audio.h>
#include <gst/video/video.h>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

namespace rostrum {

namespace fs = std::filesystem;

namespace {

constexpr Nanoseconds kJump{5s};
constexpr Nanoseconds kJustBegun{1s};  // then the chunk before is meant
constexpr int kDecoderThreads = 2;     // the workers need the cores
constexpr char kPictureFilters[] = "videoconvertscale ! queue max-size-buffers=3";
constexpr char kSoundFilters[] = "audioconvert ! audioresample";

bool has_property(GstElement* element, const char* name) {
  return g_object_class_find_property(G_OBJECT_GET_CLASS(element), name);
}

std::string without_milliseconds(Nanoseconds t) {
  const auto text = format_time(t);
  return text.substr(0, text.find('.'));
}

}  // namespace

WindowPlayer::WindowPlayer(PreviewSinks sinks)
    : pictures_{film_, false, [this] { schedule(); }},
      sound_{film_, true, [this] { schedule(); }},
      sinks_{std::move(sinks)},
      shown_{sinks_.video.get()},
      pipeline_{retain(gst_pipeline_new("window"))},
      bus_{adopt(gst_element_get_bus(pipeline_.get()))} {
  *heard_.lock() = {0ns, Nanoseconds::max()};
}

WindowPlayer::~WindowPlayer() {
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  while (g_source_remove_by_user_data(this)) {
  }
  for (auto* unused : {sinks_.video.get(), sinks_.audio.get()})
    if (unused) gst_element_set_state(unused, GST_STATE_NULL);
}

void WindowPlayer::set_title(const std::string& title) {
  title_ = title;
  titles_.lock()->playing = title;
}

bool WindowPlayer::set_film(const std::string& path) {
  released_ = true;
  film_.set_film(path);
  return look();
}

void WindowPlayer::schedule() {
  if (!scheduled_.exchange(true)) g_idle_add(on_hungry, this);
}

gboolean WindowPlayer::on_hungry(gpointer self) {
  auto& player = *static_cast<WindowPlayer*>(self);
  player.scheduled_ = false;
  player.feed();
  return G_SOURCE_REMOVE;
}

bool WindowPlayer::look() {
  film_.look();
  if (!begun_ && film_.finished().has(0ns)) begin();
  if (waits_ && !paused_ && !at_end() && film_.finished().end_of_run(*stop_) > *stop_) go(*stop_);
  feed();
  // Once there is nothing to show, or all has been seen, nobody may come to close it.
  return !released_ || film_.opens_film() || (begun_ && !(waits_ && at_end()));
}

void WindowPlayer::begin() {
  begun_ = true;
  add_branch(false, std::move(sinks_.video), kPictureFilters);
  if (film_.parts(true) > 0) add_branch(true, std::move(sinks_.audio), kSoundFilters);
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

void WindowPlayer::add_branch(bool sound, GstPtr<GstElement> sink, const char* filters) {
  auto& feed = sound ? sound_ : pictures_;
  auto* decoder = gst_element_factory_make("decodebin", nullptr);
  auto* filter = gst_parse_bin_from_description(filters, TRUE, nullptr);
  restrict_autoplug(decoder, Wanted::any);
  g_signal_connect(decoder, "deep-element-added", G_CALLBACK(on_element), nullptr);
  g_signal_connect(decoder, "pad-added", G_CALLBACK(on_decoded), filter);
  gst_bin_add_many(GST_BIN(pipeline_.get()), feed.source(), decoder, filter, sink.get(), nullptr);
  gst_element_link(feed.source(), decoder);
  gst_element_link(filter, sink.get());
  const auto pad = adopt(gst_element_get_static_pad(filter, "src"));
  constexpr auto kWhat =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  gst_pad_add_probe(pad.get(), kWhat, sound ? on_sound : on_picture, this, nullptr);
  feed.begin_at(0ns);
}

void WindowPlayer::on_decoded(GstElement*, GstPad* pad, gpointer filters) {
  const auto sink = adopt(gst_element_get_static_pad(GST_ELEMENT(filters), "sink"));
  gst_pad_link(pad, sink.get());
}

void WindowPlayer::on_element(GstBin*, GstBin*, GstElement* element, gpointer) {
  if (has_property(element, "max-threads"))
    g_object_set(element, "max-threads", kDecoderThreads, nullptr);
}

// Says in the window's title where the pictures are.
GstPadProbeReturn WindowPlayer::on_picture(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  const bool event = (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0;
  if (event && GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  std::string title;
  {
    auto titles = static_cast<WindowPlayer*>(self)->titles_.lock();
    title = event ? titles->at_stop : titles->playing;
    if (std::exchange(titles->shown, title) == title) return GST_PAD_PROBE_OK;
  }
  auto* tags = gst_tag_list_new(GST_TAG_TITLE, title.c_str(), nullptr);
  gst_tag_list_set_scope(tags, GST_TAG_SCOPE_GLOBAL);
  const auto sink = adopt(gst_pad_get_peer(pad));
  gst_pad_send_event(sink.get(), gst_event_new_tag(tags));  // after an end nothing can be pushed
  return GST_PAD_PROBE_OK;
}

// Packets begin before, and last longer than what is seen with them.
GstPadProbeReturn WindowPlayer::on_sound(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) == 0) return GST_PAD_PROBE_OK;
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  GstAudioInfo format;
  if (!caps || !gst_audio_info_from_caps(&format, caps.get()) || !GST_BUFFER_PTS_IS_VALID(buffer))
    return GST_PAD_PROBE_OK;
  const auto frame = GST_AUDIO_INFO_BPF(&format);
  const auto samples = static_cast<std::int64_t>(gst_buffer_get_size(buffer)) / frame;
  const Nanoseconds begin{static_cast<std::int64_t>(GST_BUFFER_PTS(buffer))};
  const auto heard = static_cast<WindowPlayer*>(self)->heard_.copy();
  const std::int64_t rate = GST_AUDIO_INFO_RATE(&format);
  const auto [skip, keep] = heard_within(heard, begin - kFilmBegin, samples, rate);
  if (keep == samples) return GST_PAD_PROBE_OK;
  if (keep == 0) return GST_PAD_PROBE_DROP;
  buffer =
      gst_audio_buffer_truncate(buffer, frame, static_cast<gsize>(skip), static_cast<gsize>(keep));
  const auto time = [&](std::int64_t n) {
    return static_cast<GstClockTime>(scale_round(n, 1'000'000'000, rate));
  };
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(begin.count()) + time(skip);
  GST_BUFFER_DURATION(buffer) = time(keep);
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

void WindowPlayer::feed() {
  if (!begun_ || stop_) return;
  const auto end = film_.finished().end_of_run(from_);
  const bool pictures = pictures_.feed(end) == PacketFeed::Fed::all;
  const bool sound = sound_.feed(end) == PacketFeed::Fed::all || film_.parts(true) == 0;
  if (!pictures || !sound) return;
  stop_ = end;
  titles_.lock()->at_stop =
      at_end() ? title_ : title_ + " (waits for the render at " + without_milliseconds(end) + ")";
  heard_.lock()->to = end;
  pictures_.finish(end);
  sound_.finish(end);
}

// All up to the stop has been seen and heard.
bool WindowPlayer::stopped() {
  if (!stop_) return true;  // of a place that was left meanwhile
  waits_ = true;
  if (at_end())
    set_paused(true);
  else
    look();
  return !(at_end() && released_);
}

bool WindowPlayer::take(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
  case GST_MESSAGE_EOS:  // or of before the last seek
    return (sent_by_ && gst_message_get_seqnum(message) != *sent_by_) || stopped();
  case GST_MESSAGE_ASYNC_DONE:
    ready_ = true;
    return true;
  case GST_MESSAGE_ERROR:  // the window was closed, or its display has gone
    return false;
  case GST_MESSAGE_LATENCY:
    gst_bin_recalculate_latency(GST_BIN(pipeline_.get()));
    return true;
  default:
    return true;
  }
}

void WindowPlayer::go(Nanoseconds t) {
  from_ = t;
  stop_.reset();
  waits_ = false;
  *heard_.lock() = {t, Nanoseconds::max()};
  auto* seek = gst_event_new_seek(
      1, GST_FORMAT_TIME, static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
      GST_SEEK_TYPE_SET, (t + kFilmBegin).count(), GST_SEEK_TYPE_NONE, -1);
  sent_by_ = gst_event_get_seqnum(seek);
  gst_element_send_event(pipeline_.get(), seek);
}

// To the picture that is shown then: a player would drop one that is held for longer.
void WindowPlayer::seek(Nanoseconds t) {
  const auto place = film_.finished().nearest(std::max(t, 0ns));
  if (!place) return;
  const auto part = film_.part(false, film_.finished().chunk_at(*place));
  if (part) go(shown_at(part->packets, *place));
}

Nanoseconds WindowPlayer::position() const {
  if (waits_) return *stop_ - 1ns;
  const bool arriving =
      gst_element_get_state(pipeline_.get(), nullptr, nullptr, 0) == GST_STATE_CHANGE_ASYNC;
  gint64 position = 0;
  if (arriving || !gst_element_query_position(pipeline_.get(), GST_FORMAT_TIME, &position))
    return from_;
  return std::clamp(Nanoseconds{position} - kFilmBegin, 0ns, length() - 1ns);
}

void WindowPlayer::step(bool forward) {
  const auto now = position();
  const auto& finished = film_.finished();
  const auto chunk = finished.chunk_at(now);
  auto part = film_.part(false, chunk);
  if (!part) return;
  set_paused(true);
  if (forward) {
    const auto next = next_after(part->packets, now).value_or(finished.when(chunk).to);
    if (next < length() && finished.has(next)) go(next);
    return;
  }
  const auto shown = shown_at(part->packets, now);
  auto last = last_before(part->packets, shown);
  if (!last && chunk > 0 && (part = film_.part(false, chunk - 1)))
    last = last_before(part->packets, shown);
  if (last) go(*last);
}

void WindowPlayer::to_chunk(bool forward) {
  const auto now = position();
  const auto& finished = film_.finished();
  const auto chunk = finished.chunk_at(now);
  if (forward) {
    const auto next = finished.when(chunk).to;
    if (next < length()) seek(next);
    return;
  }
  const bool before = chunk > 0 && now - finished.when(chunk).from < kJustBegun;
  seek(finished.when(before ? chunk - 1 : chunk).from);
}

void WindowPlayer::set_paused(bool paused) {
  paused_ = paused;
  gst_element_set_state(pipeline_.get(), paused ? GST_STATE_PAUSED : GST_STATE_PLAYING);
}

// Beside where the render was called.
void WindowPlayer::save() const {
  auto* sink = chosen_sink(shown_);
  if (!has_property(sink, "last-sample")) return;
  GstSample* raw = nullptr;
  g_object_get(sink, "last-sample", &raw, nullptr);
  const auto shown = adopt(raw);
  const auto caps = adopt(gst_caps_new_empty_simple("image/png"));
  if (!shown) return;
  const auto png =
      adopt(gst_video_convert_sample(shown.get(), caps.get(), 5 * GST_SECOND, nullptr));
  auto time = format_time(position());
  std::replace(time.begin(), time.end(), ':', '-');
  const auto name = fs::path{title_}.stem().string() + "-" + time + ".png";
  GstMapInfo map;
  std::error_code error;
  if (!png || fs::exists(name, error) ||
      !gst_buffer_map(gst_sample_get_buffer(png.get()), &map, GST_MAP_READ))
    return;
  std::ignore = write_whole_file(name, {reinterpret_cast<const char*>(map.data), map.size});
  gst_buffer_unmap(gst_sample_get_buffer(png.get()), &map);
}

// To another place; false for other keys.
bool WindowPlayer::move(PreviewKey key) {
  using enum PreviewKey;
  switch (key) {
  case back:
  case forward:
    seek(position() + (key == forward ? kJump : -kJump));
    return true;
  case frame_back:
  case frame_forward:
    step(key == frame_forward);
    return true;
  case scene_back:
  case scene_forward:
    to_chunk(key == scene_forward);
    return true;
  default:
    return false;
  }
}

bool WindowPlayer::press(PreviewKey key) {
  if (key == PreviewKey::quit) return false;
  if (!ready_ || move(key)) return true;
  switch (key) {
  case PreviewKey::pause:
    if (paused_ && waits_ && at_end()) go(0ns);
    set_paused(!paused_);
    look();
    break;
  case PreviewKey::full_screen:
    toggle_full_screen(shown_);
    break;
  case PreviewKey::save:
    save();
    break;
  default:
    break;
  }
  return true;
}

}  // namespace rostrum
