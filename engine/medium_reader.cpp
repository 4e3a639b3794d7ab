// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/medium_reader.h"

#include "engine/autoplug.h"
#include "engine/coded_video.h"
#include "engine/components.h"
#include "engine/decoder_pipeline.h"
#include "engine/fingerprint.h"
#include "engine/stream_caps.h"
#include "lib/bus_error.h"

#include <gst/pbutils/missing-plugins.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <utility>

namespace rostrum {

namespace {

constexpr Nanoseconds kLongest = std::chrono::hours{kLongestHours};

// How much of the end is read at first: longer than the GOPs of most recordings, short enough to
// cost nothing.
constexpr Nanoseconds kTail = 10s;
constexpr Nanoseconds kInterleaved = 2s;  // so far a picture may stand behind the sound of its time
// Frames that far apart at most say when the picture ends.
constexpr Nanoseconds kSteady = 1s;
constexpr Fraction kUsualRate{25, 1};       // of pictures that do not say it
constexpr Nanoseconds kLeastWatched = 60s;  // a medium whose clock is looked at
// Half of what counts, for ten seconds do not tell exactly; and so much that it is no clock.
constexpr double kLeastSuspicion = 1e-4;
constexpr double kMostSuspicion = 0.01;

bool has_class(GstElement* element, const char* word) {
  const char* klass = gst_element_get_metadata(element, GST_ELEMENT_METADATA_KLASS);
  return klass && std::strstr(klass, word);
}

// In ISO base media files a time is the sum of the lengths before it (ISO/IEC 14496-12, 8.6.1.2).
bool counts_samples(GstElement* demuxer) {
  const auto* factory = demuxer ? gst_element_get_factory(demuxer) : nullptr;
  return factory && g_str_equal(GST_OBJECT_NAME(factory), "qtdemux");
}

bool is_kind(GstPad* pad, const char* prefix) {
  auto caps = adopt(gst_pad_get_current_caps(pad));
  if (!caps) caps = adopt(gst_pad_query_caps(pad, nullptr));
  return caps && !gst_caps_is_any(caps.get()) && !gst_caps_is_empty(caps.get()) &&
         g_str_has_prefix(gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)), prefix);
}

}  // namespace

MediumReader::MediumReader(const std::string& path, Patience patience, PaceCache paces,
                           std::stop_token stop)
    : path_{path},
      patience_{patience},
      paces_{std::move(paces)},
      stop_{std::move(stop)},
      pipeline_{retain(gst_pipeline_new(nullptr))} {
  bus_ = adopt(gst_element_get_bus(pipeline_.get()));
  auto* source = gst_element_factory_make("filesrc", nullptr);
  auto* decodebin = gst_element_factory_make("decodebin", nullptr);
  if (!source || !decodebin) {
    if (source) gst_object_unref(gst_object_ref_sink(source));
    if (decodebin) gst_object_unref(gst_object_ref_sink(decodebin));
    problem_ = missing_element(source ? "decodebin" : "filesrc");
    return;
  }
  gst_bin_add_many(GST_BIN(pipeline_.get()), source, decodebin, nullptr);
  gst_element_link(source, decodebin);
  g_object_set(source, "location", path.c_str(), nullptr);
  restrict_autoplug(decodebin, Wanted::any);
  g_signal_connect(decodebin, "deep-element-added", G_CALLBACK(on_element), this);
  g_signal_connect(decodebin, "pad-added", G_CALLBACK(on_stream), this);
}

MediumReader::~MediumReader() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

void MediumReader::on_element(GstBin*, GstBin*, GstElement* element, gpointer data) {
  auto* self = static_cast<MediumReader*>(data);
  if (has_class(element, "Demux")) {
    if (auto demuxer = self->demuxer_.lock(); !*demuxer) *demuxer = retain(element);
    g_signal_connect(element, "pad-added", G_CALLBACK(on_demuxer_pad), self);
  } else if (has_class(element, "Decoder") && !GST_IS_BIN(element)) {
    const auto sink = adopt(gst_element_get_static_pad(element, "sink"));
    if (sink) self->ends_.watch(sink.get(), PacketPoint::coded);
    if (!sink) return;
    constexpr auto kData = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER |
                                                        GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
    gst_pad_add_probe(sink.get(), kData, on_coded, self, nullptr);
    auto decoders =
        has_class(element, "Audio") ? self->sound_decoders_.lock() : self->picture_decoders_.lock();
    decoders->push_back(retain(sink.get()));
  }
}

// Of what is too large a decoder gets to see nothing.  The error comes from the pipeline: those of
// an element that is being linked decodebin keeps to itself.
GstPadProbeReturn MediumReader::on_coded(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<MediumReader*>(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER)
    return self->too_large_ ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  if (!is_too_large(caps)) return GST_PAD_PROBE_OK;
  self->too_large_ = true;
  const GErrorPtr error{
      g_error_new_literal(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, too_large().c_str())};
  gst_bus_post(self->bus_.get(),
               gst_message_new_error(GST_OBJECT(self->pipeline_.get()), error.get(), nullptr));
  return GST_PAD_PROBE_DROP;
}

void MediumReader::on_demuxer_pad(GstElement*, GstPad* pad, gpointer self) {
  if (GST_PAD_IS_SRC(pad))
    static_cast<MediumReader*>(self)->ends_.watch(pad, PacketPoint::container);
}

// Only the first video and the first audio stream are waited for: a subtitle track may have nothing
// to say for an hour.
void MediumReader::on_stream(GstElement*, GstPad* pad, gpointer data) {
  auto* self = static_cast<MediumReader*>(data);
  auto* sink = gst_element_factory_make("fakesink", nullptr);
  if (!sink) return;
  const auto sink_pad = adopt(gst_element_get_static_pad(sink, "sink"));
  bool chosen = false;
  {
    auto streams = self->streams_.lock();
    GstPad** slot = is_kind(pad, "video/x-raw")   ? &streams->video
                    : is_kind(pad, "audio/x-raw") ? &streams->audio
                                                  : nullptr;
    chosen = slot && !*slot;
    if (chosen) *slot = sink_pad.get();
  }
  g_object_set(sink, "sync", FALSE, "async", chosen ? TRUE : FALSE, "enable-last-sample", FALSE,
               nullptr);
  if (chosen) self->ends_.watch(sink_pad.get(), PacketPoint::raw);
  gst_bin_add(GST_BIN(self->pipeline_.get()), sink);
  gst_element_sync_state_with_parent(sink);
  gst_pad_link(pad, sink_pad.get());
}

void MediumReader::note_error(GstMessage* message) {
  if (gst_is_missing_plugin_message(message)) {
    missing_.push_back(read_missing_plugin(message));
    return;
  }
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR || !problem_.empty()) return;
  problem_ = describe_error(error_of(message).get());
}

// decodebin 1.22 loses the error of a demuxer that fails while it is still being linked, and then
// nothing ever happens.  A demuxer that has stopped reading and shows no stream is such a one.
bool MediumReader::demuxer_gave_up() {
  const auto demuxer = retain(demuxer_.lock()->get());
  const auto sink = demuxer ? adopt(gst_element_get_static_pad(demuxer.get(), "sink")) : nullptr;
  if (!sink || GST_PAD_MODE(sink.get()) != GST_PAD_MODE_PULL) return false;
  const bool idle = gst_pad_get_task_state(sink.get()) == GST_TASK_PAUSED;
  GST_OBJECT_LOCK(demuxer.get());
  const bool streams = demuxer->numsrcpads > 0;
  GST_OBJECT_UNLOCK(demuxer.get());
  return idle && !streams;
}

MediumReader::Outcome MediumReader::wait_for(GstMessageType what) {
  constexpr Nanoseconds kLook = 100ms;  // no message tells of a demuxer that gave up in silence
  const auto types = static_cast<GstMessageType>(what | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT |
                                                 GST_MESSAGE_APPLICATION);
  for (;;) {
    const auto left =
        std::clamp<Nanoseconds>(patience_.until() - Patience::Clock::now(), 0ns, kLook);
    const auto message = adopt(
        gst_bus_timed_pop_filtered(bus_.get(), static_cast<GstClockTime>(left.count()), types));
    if (message) {
      note_error(message.get());
      if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) return Outcome::failed;
      if (GST_MESSAGE_TYPE(message.get()) == what) return Outcome::ready;
      if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_APPLICATION) return Outcome::ready;
    } else if (demuxer_gave_up()) {
      if (problem_.empty()) problem_ = "it is damaged: its container cannot be read";
      return Outcome::failed;
    } else if (patience_.over() || stop_.stop_requested()) {
      return Outcome::late;
    }
  }
}

bool MediumReader::read_from(std::optional<Nanoseconds> t, std::optional<Nanoseconds> to) {
  while (adopt(gst_bus_pop(bus_.get()))) {
  }
  constexpr auto kFlags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT |
                                                    GST_SEEK_FLAG_SNAP_BEFORE);
  if (t && !gst_element_seek(pipeline_.get(), 1, GST_FORMAT_TIME, kFlags, GST_SEEK_TYPE_SET,
                             t->count(), GST_SEEK_TYPE_SET, to ? to->count() : -1))
    return false;
  ends_.tell_after(to.value_or(kNoTime), bus_.get());
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  end_not_reached_ = wait_for(GST_MESSAGE_EOS) == Outcome::late;
  return ends_.packets() > 0;
}

Nanoseconds MediumReader::claimed_duration() {
  gint64 duration = 0;
  if (!gst_element_query_duration(pipeline_.get(), GST_FORMAT_TIME, &duration)) return 0ns;
  return Nanoseconds{std::max<gint64>(duration, 0)};
}

bool MediumReader::met_picture() {
  auto* pad = streams_.copy().video;
  const GCharPtr id{pad ? gst_pad_get_stream_id(pad) : nullptr};
  return !id || ends_.met(id.get());
}

// A header that tells the truth costs one seek.  Where there is nothing at its end (the file was
// cut off, the header is false, the picture ended before the sound) the end is looked for ever
// earlier, where the sound's end is known between there and what was read before; a medium without
// a demuxer has no index and is read through.
void MediumReader::find_end(Nanoseconds claimed) {
  ends_.stop_decoding();
  bool found = false;
  if (claimed > 0ns && *demuxer_.lock()) {
    auto before = std::max(claimed - kTail, 0ns);
    found = read_from(before);
    for (int eighths = 7; eighths >= 0 && !patience_.over() && !stop_.stop_requested(); --eighths) {
      if (found && met_picture()) return;
      const Nanoseconds from{claimed.count() / 8 * eighths};
      if (found && from >= before) continue;
      const bool late = end_not_reached_;
      const bool any = read_from(from, found ? std::optional{before + kInterleaved} : std::nullopt);
      if (found) end_not_reached_ = late;  // of a piece within it tells nothing
      found = found || any;
      before = from;
    }
  }
  if (!found) read_from({});
}

void MediumReader::measure_spans(MediaInfo& info) {
  const auto streams = streams_.copy();
  const auto span_of = [this](GstPad* pad) -> std::optional<StreamSpan> {
    const GCharPtr id{pad ? gst_pad_get_stream_id(pad) : nullptr};
    return id ? ends_.span(id.get()) : std::nullopt;
  };
  const auto picture = span_of(streams.video);
  const auto sound = span_of(streams.audio);
  if (!picture && !sound) return;
  const auto first =
      std::min(picture ? picture->first : sound->first, sound ? sound->first : picture->first);
  zero_ = first;
  if (picture && met_picture())
    info.picture = {picture->first - first, picture->declared_end - first};
  if (sound) info.sound = {sound->first - first, sound->declared_end - first};
  info.duration = std::max(picture ? picture->end : 0ns, sound ? sound->end : 0ns) - first;
  const GCharPtr id{picture ? gst_pad_get_stream_id(streams.video) : nullptr};
  const auto widest = id ? ends_.widest_step(id.get()) : 0ns;
  info.steady_picture = widest > 0ns && widest <= kSteady;
}

// A bare stream may have no times at all: its pictures follow each other at its rate, or the usual.
void MediumReader::count_pictures(MediaInfo& info) {
  auto* pad = streams_.copy().video;
  const GCharPtr id{pad && !*demuxer_.lock() ? gst_pad_get_stream_id(pad) : nullptr};
  if (!id) return;
  const bool has_rate = info.video->rate.num > 0;
  const auto one = FrameGrid{has_rate ? info.video->rate : kUsualRate};
  info.duration = one.start(static_cast<std::int64_t>(ends_.count(id.get())));
  info.picture = {0ns, info.duration};
}

std::optional<double> MediumReader::pace_read() {
  const auto* pad = streams_.copy().audio;
  const GCharPtr id{pad ? gst_pad_get_stream_id(const_cast<GstPad*>(pad)) : nullptr};
  return id ? pace_of(ends_.sound(id.get())) : std::nullopt;
}

// The end has been read anyway; only where it tells nothing the beginning is.
double MediumReader::find_pace(const MediaInfo& info) {
  if (!info.audio || info.duration < kLeastWatched || end_not_reached_) return 1;
  if (cuts_packets(pipeline_.get()) || !*demuxer_.lock()) return 1;
  auto some = pace_read();
  ends_.sound_only();
  if (!some && read_from(0ns, zero_ + kTail)) some = pace_read();
  const auto off = std::abs(some.value_or(1) - 1);
  if (off <= kLeastSuspicion || off >= kMostSuspicion) return 1;
  const auto content = fingerprint(path_);
  if (const auto known = paces_.find(content)) return *known;
  const double pace = read_from(0ns) ? pace_read().value_or(1) : 1;
  if (!std::exchange(end_not_reached_, false)) paces_.store(content, pace);
  return pace;
}

void MediumReader::describe(MediaInfo& info) {
  const auto streams = streams_.copy();
  if (streams.video) info.video = video_info(streams.video);
  if (streams.audio) info.audio = audio_info(streams.audio);
  if (streams.video) info.note = loss_of_light(streams.video);
  if (streams.video && is_too_large(adopt(gst_pad_get_current_caps(streams.video)).get()))
    problem_ = too_large();
  auto decoders = sound_decoders_.lock();
  if (info.audio && decoders->size() == 1)
    info.audio->aac_lc = is_aac_lc(decoders->front().get(), *info.audio);
  // Subtitles and data are nobody's loss; a picture or sound is.
  for (const auto& missing : missing_)
    if ((!info.video && missing.caps.starts_with("video/")) ||
        (!info.audio && missing.caps.starts_with("audio/")))
      info.note = missing.sentence;
}

// Where there is one picture, in a container that lists all that it has.
std::optional<CodedVideo> MediumReader::find_coded() {
  auto* pad = streams_.copy().video;
  auto decoders = picture_decoders_.lock();
  const auto raw = pad ? adopt(gst_pad_get_current_caps(pad)) : nullptr;
  if (!raw || decoders->size() != 1 || !counts_samples(demuxer_.lock()->get())) return {};
  const auto coded = adopt(gst_pad_get_current_caps(decoders->front().get()));
  return coded ? coded_video(path_, coded.get(), raw.get(), zero_) : std::nullopt;
}

MediaInfo MediumReader::read() {
  MediaInfo info;
  if (problem_.empty()) {
    gst_element_set_state(pipeline_.get(), GST_STATE_PAUSED);
    if (wait_for(GST_MESSAGE_ASYNC_DONE) == Outcome::late) problem_ = "it takes too long to open";
  }
  if (problem_.empty()) describe(info);
  if (problem_.empty() && !info.video && !info.audio)
    problem_ = "it holds neither a picture nor sound that can be played";
  if (!problem_.empty()) {
    info.problem = missing_.empty() ? problem_ : missing_.front().sentence;
    return info;
  }
  const auto claimed = claimed_duration();
  find_end(claimed);
  measure_spans(info);
  if (info.duration <= 0ns) count_pictures(info);
  // A parser gives the last packet its full length; the header knows how much of it is sound.
  const bool padded = claimed < info.duration && claimed > info.duration - 120ms;
  if (padded && !*demuxer_.lock()) info.duration = info.sound.to = claimed;
  if (end_not_reached_ && claimed <= kLongest) {
    info.duration = std::max(info.duration, claimed);
    info.picture = {};  // nor is its end known
  }
  // One wrong timestamp would else make the whole job that long.
  if (info.duration > kLongest) {
    info.problem = "its times make no sense: it would be more than " +
                   std::to_string(kLongestHours) + " hours long";
    return info;
  }
  info.pace = find_pace(info);
  info.counted_times = counts_samples(demuxer_.lock()->get());
  info.coded = find_coded();
  if (info.duration <= 0ns) info.problem = "its packets have no times";
  return info;
}

}  // namespace rostrum
