// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_reader.h"

#include "core/matroska_read.h"
#include "engine/autoplug.h"
#include "engine/components.h"
#include "engine/file.h"
#include "engine/patience.h"
#include "lib/bus_error.h"

#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>

#include <algorithm>
#include <utility>

namespace rostrum {

namespace {

constexpr auto kLook = 200ms;  // between two looks at the watchdog
constexpr char kFrames[] = "frames";
constexpr Nanoseconds kWithinFrame = 1ms;  // of one that begins there, for all rates and roundings
constexpr Nanoseconds kUntimed = -1h;      // of a frame without a timestamp: nothing right looks so
constexpr std::size_t kMostErrors = 20;    // of a damaged film, the first say it all

bool is_first(GstPad* pad, const char* kind) {
  const GCharPtr name{gst_pad_get_name(pad)};
  return g_str_equal(name.get(), kind);
}

// The stream time of a buffer on a pad, also where it lies outside the segment.
std::optional<Nanoseconds> shown_at(GstPad* pad, GstBuffer* buffer) {
  const auto event = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event || !GST_BUFFER_PTS_IS_VALID(buffer)) return {};
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  guint64 time = 0;
  const int sign =
      gst_segment_to_stream_time_full(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer), &time);
  if (sign == 0) return {};
  return Nanoseconds{sign * static_cast<std::int64_t>(time)};
}

Nanoseconds ns(GstClockTime t) { return Nanoseconds{static_cast<std::int64_t>(t)}; }

bool is_video(GstPad* pad) {
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  return caps &&
         g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)), "video/");
}

// Where frames are far apart demuxers send gaps, and a sink would take one for the frame it waits
// for.
GstPadProbeReturn drop_gap(GstPad*, GstPadProbeInfo* info, gpointer) {
  const bool gap = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_GAP;
  return gap ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

// Sound outside the edit list is not clipped but decoded: the edit is then applied to the sample,
// which the segment's nanoseconds cannot do.
GstPtr<GstEvent> open_segment(GstEvent* event) {
  GstSegment segment;
  gst_event_copy_segment(event, &segment);
  segment.start = 0;
  segment.stop = GST_CLOCK_TIME_NONE;
  segment.time = 0;
  auto opened = adopt(gst_event_new_segment(&segment));
  gst_event_set_seqnum(opened.get(), gst_event_get_seqnum(event));
  return opened;
}

}  // namespace

FilmReader::FilmReader(const std::string& path, Limits limits, FilmEyes eyes)
    : path_{path},
      limits_{std::move(limits)},
      eyes_{std::move(eyes)},
      pipeline_{retain(gst_pipeline_new(nullptr))} {}

FilmReader::~FilmReader() { stop(); }

void FilmReader::stop() {
  const auto unlock = [](const GValue* sink, gpointer) {
    gst_element_set_locked_state(GST_ELEMENT(g_value_get_object(sink)), FALSE);
  };
  // twice: a stream may appear until the demuxer has stopped
  for (int round = 0; round < 2; ++round) {
    GstIterator* sinks = gst_bin_iterate_sinks(GST_BIN(pipeline_.get()));
    while (gst_iterator_foreach(sinks, unlock, nullptr) == GST_ITERATOR_RESYNC)
      gst_iterator_resync(sinks);
    gst_iterator_free(sinks);
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  }
}

GstElement* FilmReader::add(const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (g_str_equal(factory, "filesrc")) g_object_set(element, "location", path_.c_str(), nullptr);
  if (g_str_equal(factory, "fakesink")) {
    // It takes what comes from the start, not only when the pipeline plays, and that waits for
    // decodebin: blocked by a sink, the demuxer could not give it the packets that it needs.
    g_object_set(element, "sync", FALSE, "async", FALSE, nullptr);
    gst_element_set_locked_state(element, TRUE);
    gst_element_set_state(element, GST_STATE_PLAYING);
  }
  if (g_str_equal(factory, "appsink"))
    g_object_set(element, "sync", FALSE, "max-buffers", 1U, "name", kFrames, nullptr);
  if (g_str_equal(factory, "decodebin")) {
    restrict_autoplug(element, sampling_ ? Wanted::video : Wanted::any);
    // after restrict_autoplug(), which gives decoders one thread
    g_signal_connect(element, "deep-element-added", G_CALLBACK(on_element), this);
    g_signal_connect(element, "pad-added", G_CALLBACK(on_decoded), this);
  }
  gst_bin_add(GST_BIN(pipeline_.get()), element);
  return element;
}

GstElement* FilmReader::attach(GstPad* pad, const char* factory) {
  GstElement* element = add(factory);
  const auto sink = adopt(gst_element_get_static_pad(element, "sink"));
  gst_pad_link(pad, sink.get());
  if (!gst_element_is_locked_state(element)) gst_element_sync_state_with_parent(element);
  return element;
}

void FilmReader::on_stream(GstElement*, GstPad* pad, gpointer data) {
  auto* self = static_cast<FilmReader*>(data);
  const bool video = is_first(pad, "video_0");
  const bool audio = is_first(pad, "audio_0");
  constexpr auto kWhat =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  if (video) gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_video_packet, self, nullptr);
  if (audio) gst_pad_add_probe(pad, kWhat, on_audio_packet, self, nullptr);
  const bool decoded =
      (video && self->decoding_ == Decoding::all) || (audio && self->decoding_ != Decoding::none);
  if (!decoded) {
    self->attach(pad, "fakesink");
    return;
  }
  // a thread of its own: a decodebin holds up whoever feeds it until it knows its streams
  GstElement* queue = self->attach(pad, "queue");
  const auto queued = adopt(gst_element_get_static_pad(queue, "src"));
  self->attach(queued.get(), "decodebin");
}

void FilmReader::on_element(GstBin*, GstBin*, GstElement* element, gpointer) {
  auto* object_class = G_OBJECT_GET_CLASS(element);
  // all cores; and no error is passed over
  if (g_object_class_find_property(object_class, "max-threads"))
    g_object_set(element, "max-threads", 0, nullptr);
  if (g_object_class_find_property(object_class, "max-errors"))
    g_object_set(element, "max-errors", 0, nullptr);
}

void FilmReader::on_decoded(GstElement*, GstPad* pad, gpointer data) {
  auto* self = static_cast<FilmReader*>(data);
  const bool video = is_video(pad);
  const auto has_sink = [&] {
    return adopt(gst_bin_get_by_name(GST_BIN(self->pipeline_.get()), kFrames)) != nullptr;
  };
  if (self->sampling_ && (!video || has_sink())) return;  // the first picture is meant
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, video ? on_video_frame : on_audio_frame, self,
                    nullptr);
  if (!video && self->eyes_.hear) return self->attach_ear(pad);
  if (self->sampling_)
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, drop_gap, nullptr, nullptr);
  self->attach(pad, self->sampling_ ? "appsink" : "fakesink");
}

void FilmReader::attach_ear(GstPad* pad) {
  GstElement* convert = attach(pad, "audioconvert");
  GstElement* resample = add("audioresample");
  GstElement* filter = add("capsfilter");
  const auto caps = adopt(gst_caps_from_string(
      "audio/x-raw,format=" GST_AUDIO_NE(F32) ",layout=interleaved,rate=48000,channels=[1,2]"));
  g_object_set(filter, "caps", caps.get(), nullptr);
  gst_element_link_many(convert, resample, filter, nullptr);
  gst_element_sync_state_with_parent(resample);
  gst_element_sync_state_with_parent(filter);
  const auto heard = adopt(gst_element_get_static_pad(filter, "src"));
  gst_pad_add_probe(heard.get(), GST_PAD_PROBE_TYPE_BUFFER, on_sound, this, nullptr);
  attach(heard.get(), "fakesink");
}

GstPadProbeReturn FilmReader::on_sound(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FilmReader*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  GstAudioInfo format;
  GstMapInfo map;
  if (!caps || !gst_audio_info_from_caps(&format, caps.get()) || !GST_BUFFER_PTS_IS_VALID(buffer) ||
      !gst_buffer_map(buffer, &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  self->eyes_.hear({reinterpret_cast<const float*>(map.data), map.size / sizeof(float)},
                   GST_AUDIO_INFO_CHANNELS(&format), ns(GST_BUFFER_PTS(buffer)));
  gst_buffer_unmap(buffer, &map);
  return GST_PAD_PROBE_OK;
}

void FilmReader::show(GstBuffer* frame, GstCaps* caps, Nanoseconds t) {
  GstVideoInfo info;
  if (eyes_.see && caps && gst_video_info_from_caps(&info, caps)) eyes_.see(frame, info, t);
}

GstPadProbeReturn FilmReader::on_video_packet(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FilmReader*>(data);
  const auto time = shown_at(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  ++self->steps_;
  auto passed = self->passed_.lock();
  if (!passed->video) passed->video = adopt(gst_pad_get_current_caps(pad));
  passed->video_packets.push_back(time.value_or(kUntimed));
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn FilmReader::on_audio_packet(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FilmReader*>(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) != GST_EVENT_SEGMENT) return GST_PAD_PROBE_OK;
    GST_PAD_PROBE_INFO_DATA(info) = open_segment(event).release();
    gst_event_unref(event);
    return GST_PAD_PROBE_OK;
  }
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  ++self->steps_;
  auto passed = self->passed_.lock();
  if (!passed->audio) passed->audio = adopt(gst_pad_get_current_caps(pad));
  ++passed->audio_packets;
  if (const auto* clip = gst_buffer_get_audio_clipping_meta(buffer))
    passed->audio_clipped += static_cast<std::int64_t>(clip->end);
  if (!GST_BUFFER_PTS_IS_VALID(buffer) || !GST_BUFFER_DURATION_IS_VALID(buffer))
    return GST_PAD_PROBE_OK;
  const Nanoseconds start = ns(GST_BUFFER_PTS(buffer));
  if (passed->audio_first)
    passed->audio_hole = std::max(passed->audio_hole, start - passed->audio_end);
  else
    passed->audio_first = start;
  passed->audio_end = start + ns(GST_BUFFER_DURATION(buffer));
  int rate = 0;
  if (passed->audio &&
      gst_structure_get_int(gst_caps_get_structure(passed->audio.get(), 0), "rate", &rate))
    passed->audio_packed +=
        scale_round(ns(GST_BUFFER_DURATION(buffer)).count(), rate, 1'000'000'000);
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn FilmReader::on_video_frame(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FilmReader*>(data);
  GstBuffer* frame = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto time = shown_at(pad, frame);
  ++self->steps_;
  if (time && !self->sampling_)
    self->show(frame, adopt(gst_pad_get_current_caps(pad)).get(), *time);
  auto passed = self->passed_.lock();
  if (!passed->video_raw) passed->video_raw = adopt(gst_pad_get_current_caps(pad));
  if (!self->sampling_) passed->video_frames.push_back(time.value_or(kUntimed));
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn FilmReader::on_audio_frame(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<FilmReader*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto caps = adopt(gst_pad_get_current_caps(pad));
  GstAudioInfo format;
  if (!caps || !gst_audio_info_from_caps(&format, caps.get())) return GST_PAD_PROBE_OK;
  ++self->steps_;
  auto passed = self->passed_.lock();
  if (!passed->audio_decoded_first && GST_BUFFER_PTS_IS_VALID(buffer))
    passed->audio_decoded_first = ns(GST_BUFFER_PTS(buffer));
  passed->audio_samples +=
      static_cast<std::int64_t>(gst_buffer_get_size(buffer)) / GST_AUDIO_INFO_BPF(&format);
  return GST_PAD_PROBE_OK;
}

void FilmReader::add_error(std::string sentence) {
  auto passed = passed_.lock();
  if (passed->errors.size() < kMostErrors) passed->errors.push_back(std::move(sentence));
}

bool FilmReader::note_problem(GstMessage* message) {
  const bool error = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
  if (!error && GST_MESSAGE_TYPE(message) != GST_MESSAGE_WARNING) return true;  // the end
  add_error(describe_error(error_of(message).get()));
  return error;
}

void FilmReader::wait_for_end() {
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  constexpr auto kWhat =
      static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  std::uint64_t seen = 0;
  Patience idle{limits_.stall};
  while (!limits_.stop.stop_requested()) {
    const auto message = adopt(gst_bus_timed_pop_filtered(
        bus.get(), static_cast<GstClockTime>(Nanoseconds{kLook}.count()), kWhat));
    if (message && note_problem(message.get())) return;
    if (const auto steps = steps_.load(); std::exchange(seen, steps) != steps)
      idle = Patience{limits_.stall};
    if (idle.over()) return add_error("reading it came to a standstill");
    if (Clock::now() >= limits_.deadline) return add_error("reading it took too long");
  }
}

Passed FilmReader::take() {
  stop();
  return std::move(*passed_.lock());
}

Passed FilmReader::read(Decoding decoding) {
  decoding_ = decoding;
  const auto file = File::open_to_read(path_);
  const bool matroska = file && matroska::is_matroska(file->read(0, 4));
  GstElement* demuxer = add(matroska ? "matroskademux" : "qtdemux");
  gst_element_link(add("filesrc"), demuxer);
  g_signal_connect(demuxer, "pad-added", G_CALLBACK(on_stream), this);
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  wait_for_end();
  return take();
}

// The frame that a seek brought; nothing after an error or when it does not come.
GstPtr<GstSample> FilmReader::next_frame(GstElement* sink) {
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  Patience patience{limits_.stall};
  while (!patience.over() && !limits_.stop.stop_requested()) {
    auto frame = adopt(gst_app_sink_try_pull_preroll(
        GST_APP_SINK(sink), static_cast<GstClockTime>(Nanoseconds{kLook}.count())));
    if (frame) return frame;
    const auto message = adopt(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
    if ((message && note_problem(message.get())) || gst_app_sink_is_eos(GST_APP_SINK(sink)))
      return {};
  }
  return {};
}

// A seek to a key frame that asks for one may round its time down, and decode all from the one
// before it: half of the time that a check takes.
Passed FilmReader::sample(const std::vector<Nanoseconds>& times, bool key_frames) {
  sampling_ = true;
  GstElement* decodebin = add("decodebin");
  gst_element_link(add("filesrc"), decodebin);
  gst_element_set_state(pipeline_.get(), GST_STATE_PAUSED);
  Patience patience{limits_.stall};
  while (gst_element_get_state(pipeline_.get(), nullptr, nullptr,
                               static_cast<GstClockTime>(Nanoseconds{kLook}.count())) ==
             GST_STATE_CHANGE_ASYNC &&
         !patience.over() && !limits_.stop.stop_requested()) {
  }
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), kFrames));
  constexpr auto kNear =
      static_cast<GstSeekFlags>(GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_BEFORE);
  const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | (key_frames ? 0 : kNear));
  for (const auto time : times) {
    if (!sink || limits_.stop.stop_requested() || Clock::now() >= limits_.deadline) break;
    const auto t = time + (key_frames ? kWithinFrame : 0ns);
    if (!gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME, flags, t.count())) break;
    const auto frame = next_frame(sink.get());
    if (!frame) break;
    const auto shown =
        ns(gst_segment_to_stream_time(gst_sample_get_segment(frame.get()), GST_FORMAT_TIME,
                                      GST_BUFFER_PTS(gst_sample_get_buffer(frame.get()))));
    show(gst_sample_get_buffer(frame.get()), gst_sample_get_caps(frame.get()), shown);
    passed_.lock()->video_frames.push_back(shown);
  }
  return take();
}

}  // namespace rostrum
