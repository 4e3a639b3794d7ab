// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/live_input.h"

#include "engine/autoplug.h"
#include "engine/elements.h"
#include "engine/live_bin.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rostrum {

namespace {

constexpr guint kJitter = 200;              // ms that packets of RTP may come late
constexpr guint64 kNoAnswer = 5 * 1000000;  // µs until a server of RTSP counts as gone
constexpr int kMadeSamples = 480;           // of a buffer of made sound: 10 ms

const char* name_of(LiveOutput output) {
  constexpr const char* kNames[] = {"picture", "sound", "level"};
  return kNames[static_cast<std::size_t>(output)];
}

// What does not keep up must not stop the others: the oldest goes.
Result<GstElement*> add_queue(GstElement* bin, bool leaky) {
  const auto queue = add_element(bin, "queue");
  if (!queue) return queue;
  g_object_set(*queue, "max-size-bytes", 0U, "max-size-buffers", 0U, "max-size-time",
               static_cast<guint64>(2 * GST_SECOND), nullptr);
  if (leaky) gst_util_set_object_arg(G_OBJECT(*queue), "leaky", "downstream");
  return queue;
}

void set_if_there(GstElement* element, const char* property, const char* value) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), property))
    gst_util_set_object_arg(G_OBJECT(element), property, value);
}

Result<void> link_pad(GstPad* pad, GstElement* sink) {
  const auto to = adopt(gst_element_get_static_pad(sink, "sink"));
  if (GST_PAD_LINK_SUCCESSFUL(gst_pad_link(pad, to.get()))) return {};
  return fail(Kind::internal, std::string{"cannot link to "} + GST_OBJECT_NAME(sink));
}

void sync_states(std::initializer_list<GstElement*> elements) {
  for (auto* element : elements) gst_element_sync_state_with_parent(element);
}

}  // namespace

LiveInput::LiveInput(const LiveTrack& track, int channels, Events events)
    : track_{track},
      channels_{channels},
      events_{std::move(events)},
      bin_{make_live_bin([this](const std::string& why) { lose(why); })} {}

Result<void> LiveInput::open(Nanoseconds now) {
  const bool made = track_.source.scheme == LiveSource::Scheme::test;
  return made ? open_test(now) : open_uri();
}

void LiveInput::lose(const std::string& why) {
  if (!lost_.exchange(true)) events_.on_lost(why);
}

// --- what is opened by its URI

Result<void> LiveInput::open_uri() {
  const auto decoder = add_element(bin_.get(), "uridecodebin");
  if (!decoder) return tl::unexpected(decoder.error());
  const bool sound_only = track_.kind == TrackKind::microphone;
  restrict_live_autoplug(*decoder, sound_only ? Wanted::audio : Wanted::any);
  g_signal_connect(*decoder, "source-setup", G_CALLBACK(on_source), this);
  g_signal_connect(*decoder, "pad-added", G_CALLBACK(on_decoded), this);
  g_object_set(*decoder, "uri", track_.source.uri.c_str(), nullptr);
  return {};
}

// A source that gives up says so, and is made anew: none tries by itself.
void LiveInput::on_source(GstElement*, GstElement* source, gpointer) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(source), "drop-on-latency"))
    g_object_set(source, "latency", kJitter, "drop-on-latency", TRUE, "tcp-timeout", kNoAnswer,
                 nullptr);
  set_if_there(source, "auto-reconnect", "false");
}

void LiveInput::on_decoded(GstElement*, GstPad* pad, gpointer self) {
  static_cast<LiveInput*>(self)->take_decoded(pad);
}

// The first picture and the first sound are the track's; what else comes is thrown away.
void LiveInput::take_decoded(GstPad* pad) {
  const auto caps = adopt(gst_pad_query_caps(pad, nullptr));
  const char* name = gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())
                         ? ""
                         : gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
  const bool picture = track_.kind != TrackKind::microphone && g_str_equal(name, "video/x-raw");
  const bool sound = g_str_equal(name, "audio/x-raw");
  Result<void> done;
  if (picture && !has_picture_.exchange(true)) {
    done = take_picture(pad);
  } else if (sound && !has_sound_.exchange(true)) {
    done = take_sound(pad);
  } else if (const auto sink = add_element(bin_.get(), "fakesink"); sink) {
    g_object_set(*sink, "sync", FALSE, "async", FALSE, nullptr);
    sync_states({*sink});
    done = link_pad(pad, *sink);
  }
  if (!done) lose(done.error().message);
}

Result<void> LiveInput::take_picture(GstPad* pad) {
  const auto queue = add_queue(bin_.get(), true);
  if (!queue) return tl::unexpected(queue.error());
  sync_states({*queue});
  return expose(LiveOutput::picture, *queue).and_then([&] { return link_pad(pad, *queue); });
}

// pad ! converted to the mixer's format ! tee, for whoever is measured
Result<void> LiveInput::take_sound(GstPad* pad) {
  const auto convert = add_description(
      bin_.get(),
      "audioconvert ! audioresample ! capsfilter caps=audio/x-raw,format=F32LE,rate=48000,"
      "layout=interleaved,channels=" +
          std::to_string(channels_) + " ! tee name=sound allow-not-linked=true",
      "sound-format");
  if (!convert) return tl::unexpected(convert.error());
  const auto tee = adopt(gst_bin_get_by_name(GST_BIN(*convert), "sound"));
  sync_states({*convert});
  for (const auto output : {LiveOutput::sound, LiveOutput::level}) {
    if (output == LiveOutput::level && !track_.measured) continue;
    const auto queue = add_queue(bin_.get(), true);
    if (!queue) return tl::unexpected(queue.error());
    const auto branch = adopt(gst_element_request_pad_simple(tee.get(), "src_%u"));
    auto* ghost = gst_ghost_pad_new(name_of(output), branch.get());
    gst_pad_set_active(ghost, TRUE);
    gst_element_add_pad(*convert, ghost);
    sync_states({*queue});
    if (auto done = expose(output, *queue); !done) return done;
    if (auto done = link_pad(ghost, *queue); !done) return done;
  }
  return link_pad(pad, *convert);
}

Result<void> LiveInput::expose(LiveOutput output, GstElement* last) {
  const auto from = adopt(gst_element_get_static_pad(last, "src"));
  auto* ghost = gst_ghost_pad_new(name_of(output), from.get());
  gst_pad_set_active(ghost, TRUE);
  gst_pad_add_probe(
      ghost,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      on_output, this, nullptr);
  if (!gst_element_add_pad(bin_.get(), ghost))
    return fail(Kind::internal, std::string{"cannot expose "} + GST_OBJECT_NAME(last));
  events_.on_pad(output, ghost);
  return {};
}

GstPadProbeReturn LiveInput::on_output(GstPad*, GstPadProbeInfo* info, gpointer self) {
  return static_cast<LiveInput*>(self)->see(info);
}

// The end of a source is not the end of what is made of it.
GstPadProbeReturn LiveInput::see(GstPadProbeInfo* info) {
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) {
    last_sign_ = g_get_monotonic_time();
    if (!begun_.exchange(true)) events_.on_begun();
    return GST_PAD_PROBE_OK;
  }
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS) return GST_PAD_PROBE_OK;
  lose("it has ended");
  return GST_PAD_PROBE_DROP;
}

// --- what is made

Result<void> LiveInput::open_test(Nanoseconds now) {
  if (track_.kind != TrackKind::microphone)
    if (auto done = add_test_picture(now); !done) return done;
  return track_.source.test.tone ? add_test_sound(now) : Result<void>{};
}

Result<GstElement*> LiveInput::add_test_source(const char* factory, Nanoseconds now) {
  const auto source = add_element(bin_.get(), factory);
  if (!source) return source;
  g_object_set(*source, "is-live", TRUE, "timestamp-offset", static_cast<gint64>(now.count()),
               nullptr);
  const auto pad = adopt(gst_element_get_static_pad(*source, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_made, this, nullptr);
  return source;
}

Result<void> LiveInput::add_test_picture(Nanoseconds now) {
  const auto& test = track_.source.test;
  const auto source = add_test_source("videotestsrc", now);
  if (!source) return tl::unexpected(source.error());
  gst_util_set_object_arg(G_OBJECT(*source), "pattern", test.pattern.c_str());
  const auto filter = add_element(bin_.get(), "capsfilter");
  if (!filter) return tl::unexpected(filter.error());
  const auto caps = adopt(gst_caps_new_simple(
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, test.width, "height",
      G_TYPE_INT, test.height, "framerate", GST_TYPE_FRACTION, test.rate, 1, "colorimetry",
      G_TYPE_STRING, "bt709", nullptr));
  g_object_set(*filter, "caps", caps.get(), nullptr);
  if (auto done = link(*source, "src", *filter, "sink"); !done) return done;
  const auto pad = adopt(gst_element_get_static_pad(*filter, "src"));
  return take_picture(pad.get());
}

Result<void> LiveInput::add_test_sound(Nanoseconds now) {
  const auto& test = track_.source.test;
  const auto source = add_test_source("audiotestsrc", now);
  if (!source) return tl::unexpected(source.error());
  g_object_set(*source, "freq", *test.tone, "volume",
               std::min(1.0, std::sqrt(2.0) * std::pow(10, test.level / 20)), "samplesperbuffer",
               kMadeSamples, nullptr);
  const auto filter = add_element(bin_.get(), "capsfilter");
  if (!filter) return tl::unexpected(filter.error());
  const auto caps =
      adopt(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "F32LE", "rate", G_TYPE_INT,
                                48000, "channels", G_TYPE_INT, 1, nullptr));
  g_object_set(*filter, "caps", caps.get(), nullptr);
  if (auto done = link(*source, "src", *filter, "sink"); !done) return done;
  const auto pad = adopt(gst_element_get_static_pad(*filter, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_made_sound, this, nullptr);
  return take_sound(pad.get());
}

GstPadProbeReturn LiveInput::on_made_sound(GstPad*, GstPadProbeInfo* info, gpointer self) {
  const auto& test = static_cast<LiveInput*>(self)->track_.source.test;
  const auto pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
  if (sounds_at(test, Nanoseconds{static_cast<std::int64_t>(pts)})) return GST_PAD_PROBE_OK;
  auto* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  gst_buffer_memset(buffer, 0, 0, gst_buffer_get_size(buffer));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn LiveInput::on_made(GstPad*, GstPadProbeInfo* info, gpointer self) {
  return static_cast<LiveInput*>(self)->fail_in_time(info);
}

GstPadProbeReturn LiveInput::fail_in_time(GstPadProbeInfo* info) {
  const auto after = track_.source.test.fails_after;
  if (!after) return GST_PAD_PROBE_OK;
  const auto pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
  auto first = GST_CLOCK_TIME_NONE;
  if (first_.compare_exchange_strong(first, pts)) first = pts;
  if (GST_CLOCK_DIFF(first, pts) < after->count()) return GST_PAD_PROBE_OK;
  lose("it fails after " + format_time(*after) + ", as its URI says");
  return GST_PAD_PROBE_DROP;
}

}  // namespace rostrum
