// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/live_mixers.h"

#include "engine/elements.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace rostrum {

namespace {

// How late a source may be and still be seen and heard at its time.  Those of the network come and
// go, and none of them must move the others.
constexpr GstClockTime kLateNear = 200 * GST_MSECOND;
constexpr GstClockTime kLateFar = 1000 * GST_MSECOND;
constexpr GstClockTime kDecision = 200 * GST_MSECOND;  // for the switch to decide, and to decode
constexpr int kSilenceSamples = 480;                   // of a buffer: 10 ms

GstClockTime lateness(const LivePlan& plan) {
  const bool far = std::any_of(plan.tracks.begin(), plan.tracks.end(),
                               [](const LiveTrack& track) { return track.source.uses_network(); });
  return far ? kLateFar : kLateNear;
}

Result<GstElement*> add_aggregator(GstElement* bin, const char* factory, const LivePlan& plan) {
  auto* element = gst_element_factory_make_full(factory, "force-live", TRUE, "min-upstream-latency",
                                                lateness(plan), "latency", kDecision, nullptr);
  if (!element)
    return fail(Kind::missing_component, "the GStreamer element " + std::string{factory} +
                                             " of gstreamer1.0-plugins-base is missing");
  gst_bin_add(GST_BIN(bin), element);
  return element;
}

GstPtr<GstCaps> canvas_caps(const Canvas& canvas) {
  return adopt(gst_caps_new_simple(
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, canvas.width, "height",
      G_TYPE_INT, canvas.height, "framerate", GST_TYPE_FRACTION, static_cast<int>(canvas.rate.num),
      static_cast<int>(canvas.rate.den), "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
      "interlace-mode", G_TYPE_STRING, "progressive", "colorimetry", G_TYPE_STRING, "bt709",
      nullptr));
}

GstPtr<GstCaps> sound_caps(int channels) {
  auto caps = adopt(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "F32LE", "rate",
                                        G_TYPE_INT, 48000, "channels", G_TYPE_INT, channels,
                                        "layout", G_TYPE_STRING, "interleaved", nullptr));
  if (channels == 2) {
    const auto both = guint64{3};  // left and right
    gst_caps_set_simple(caps.get(), "channel-mask", GST_TYPE_BITMASK, both, nullptr);
  }
  return caps;
}

Result<GstElement*> add_filter(GstElement* bin, GstElement* source, GstCaps* caps) {
  const auto filter = add_element(bin, "capsfilter");
  if (!filter) return filter;
  g_object_set(*filter, "caps", caps, nullptr);
  if (auto done = link(source, "src", *filter, "sink"); !done) return tl::unexpected(done.error());
  return filter;
}

Result<void> expose(GstElement* bin, GstElement* element, const char* name) {
  const auto pad = adopt(gst_element_get_static_pad(element, "src"));
  if (gst_element_add_pad(bin, gst_ghost_pad_new(name, pad.get()))) return {};
  return fail(Kind::internal, std::string{"cannot expose "} + GST_OBJECT_NAME(element));
}

// As it is to be seen, in square pixels.
std::optional<Size> size_of(GstCaps* caps) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, caps)) return {};
  const auto width =
      gst_util_uint64_scale_int_round(static_cast<guint64>(GST_VIDEO_INFO_WIDTH(&info)),
                                      GST_VIDEO_INFO_PAR_N(&info), GST_VIDEO_INFO_PAR_D(&info));
  return Size{static_cast<int>(width), GST_VIDEO_INFO_HEIGHT(&info)};
}

void hide(GstPad* pad) { g_object_set(pad, "alpha", 0.0, nullptr); }

void show(GstPad* pad, const Tile& tile) {
  g_object_set(pad, "xpos", tile.rect.x, "ypos", tile.rect.y, "width", tile.rect.width, "height",
               tile.rect.height, "zorder", static_cast<guint>(tile.z + 1), "alpha", 1.0, nullptr);
}

}  // namespace

Result<std::unique_ptr<LiveMixers>> LiveMixers::make(GstElement* bin, const LivePlan& plan) {
  std::unique_ptr<LiveMixers> mixers{new LiveMixers{plan}};
  if (auto done = mixers->build(bin); !done) return tl::unexpected(done.error());
  return mixers;
}

Result<void> LiveMixers::build(GstElement* bin) {
  picture_.mixers = sound_.mixers = this;
  return add_switch(bin).and_then([&] { return build_picture(bin); }).and_then([&] {
    return build_sound(bin);
  });
}

Result<void> LiveMixers::add_switch(GstElement* bin) {
  const auto element = add_element(bin, "speakerswitch");
  if (!element) return tl::unexpected(element.error());
  switch_ = *element;
  const auto& speaker = plan_.speaker;
  const auto ns = [](Nanoseconds t) { return static_cast<guint64>(t.count()); };
  g_object_set(switch_, "mix", TRUE, "window-time", ns(speaker.window), "hold-time",
               ns(speaker.hold), "threshold", speaker.threshold, "margin", speaker.margin, nullptr);
  if (!plan_.default_pad.empty())
    g_object_set(switch_, "default-pad", plan_.default_pad.c_str(), nullptr);
  return {};
}

Result<void> LiveMixers::build_picture(GstElement* bin) {
  const auto compositor = add_aggregator(bin, "compositor", plan_);
  if (!compositor) return tl::unexpected(compositor.error());
  compositor_ = *compositor;
  watch(compositor_, picture_);
  const auto caps = canvas_caps(plan_.canvas);
  const auto filter = add_filter(bin, compositor_, caps.get());
  if (!filter) return tl::unexpected(filter.error());
  if (auto done = add_background(bin); !done) return done;
  auto* place = add_place(nullptr);
  const auto speaker = adopt(gst_element_get_static_pad(switch_, "video"));
  if (!GST_PAD_LINK_SUCCESSFUL(gst_pad_link(speaker.get(), place)))
    return fail(Kind::internal, "cannot link the switch to the compositor");
  return expose(bin, *filter, "video");
}

// Covers the whole canvas, so that the compositor need not fill it, and goes on when all else is
// lost.
Result<void> LiveMixers::add_background(GstElement* bin) {
  const auto source = add_element(bin, "videotestsrc", "background");
  if (!source) return tl::unexpected(source.error());
  constexpr guint kOpaque = 0xff000000;
  gst_util_set_object_arg(G_OBJECT(*source), "pattern", "solid-color");
  g_object_set(*source, "is-live", TRUE, "foreground-color", kOpaque | plan_.canvas.background,
               nullptr);
  const auto caps = canvas_caps(plan_.canvas);
  const auto filter = add_filter(bin, *source, caps.get());
  if (!filter) return tl::unexpected(filter.error());
  return link(*filter, "src", compositor_, nullptr);
}

// Silence goes on when all else is lost.
Result<void> LiveMixers::build_sound(GstElement* bin) {
  const auto mixer = add_aggregator(bin, "audiomixer", plan_);
  if (!mixer) return tl::unexpected(mixer.error());
  mixer_ = *mixer;
  watch(mixer_, sound_);
  const auto caps = sound_caps(plan_.format.channels);
  const auto silence = add_element(bin, "audiotestsrc", "silence");
  if (!silence) return tl::unexpected(silence.error());
  gst_util_set_object_arg(G_OBJECT(*silence), "wave", "silence");
  g_object_set(*silence, "is-live", TRUE, "samplesperbuffer", kSilenceSamples, nullptr);
  const auto quiet = add_filter(bin, *silence, caps.get());
  if (!quiet) return tl::unexpected(quiet.error());
  if (auto done = link(*quiet, "src", mixer_, nullptr); !done) return done;
  const auto filter = add_filter(bin, mixer_, caps.get());
  if (!filter) return tl::unexpected(filter.error());
  const auto limiter = add_element(bin, "truepeaklimiter");
  if (!limiter) return tl::unexpected(limiter.error());
  g_object_set(*limiter, "ceiling", plan_.ceiling, nullptr);
  if (auto done = link(*filter, "src", *limiter, "sink"); !done) return done;
  return expose(bin, *limiter, "audio");
}

// --- the end

void LiveMixers::watch(GstElement* aggregator, Output& output) {
  const auto pad = adopt(gst_element_get_static_pad(aggregator, "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, on_output, &output, nullptr);
}

// An aggregator of GStreamer 1.22 that has put something out before its first buffer came goes back
// to 0 with that one, once, though it counts on rightly.
GstBuffer* LiveMixers::in_order(GstBuffer* buffer, GstClockTime& next) {
  const auto end = GST_BUFFER_PTS(buffer) + GST_BUFFER_DURATION(buffer);
  if (GST_BUFFER_PTS(buffer) < next) {
    const auto length = end > next ? end - next : GST_BUFFER_DURATION(buffer);
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_PTS(buffer) = next;
    GST_BUFFER_DURATION(buffer) = length;
  }
  next = GST_BUFFER_PTS(buffer) + GST_BUFFER_DURATION(buffer);
  return buffer;
}

// The aggregator sends EOS when it is told so.
GstPadProbeReturn LiveMixers::on_output(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto& output = *static_cast<Output*>(data);
  auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const auto pts = static_cast<std::int64_t>(GST_BUFFER_PTS(buffer));
  if (pts >= output.mixers->end_) {
    output.mixers->ended_ = true;
    gst_buffer_unref(buffer);
    GST_PAD_PROBE_INFO_DATA(info) = nullptr;
    GST_PAD_PROBE_INFO_FLOW_RETURN(info) = GST_FLOW_EOS;
    return GST_PAD_PROBE_HANDLED;
  }
  output.position = pts;
  GST_PAD_PROBE_INFO_DATA(info) = in_order(buffer, output.next);
  return GST_PAD_PROBE_OK;
}

Nanoseconds LiveMixers::position() const {
  return Nanoseconds{std::min(picture_.position.load(), sound_.position.load())};
}

// --- sources

Result<LiveLink> LiveMixers::connect(const LiveTrack& track, LiveOutput output, GstPad* pad) {
  const auto number = std::to_string(track.number);
  LiveLink made;
  if (output == LiveOutput::sound) {
    made.element = mixer_;
    made.pad = adopt(gst_element_request_pad_simple(mixer_, "sink_%u"));
    if (made.pad) g_object_set(made.pad.get(), "volume", track.volume, nullptr);
  } else if (output == LiveOutput::picture && !track.switched()) {
    made.element = compositor_;
    made.pad = retain(add_place(&track));
  } else {
    const auto name = (output == LiveOutput::level ? "audio_" : "video_") + number;
    made.element = switch_;
    made.pad = adopt(gst_element_request_pad_simple(switch_, name.c_str()));
  }
  const auto failed =
      fail(Kind::internal, "it cannot be linked to " + std::string{GST_OBJECT_NAME(made.element)});
  if (!made.pad) return failed;
  if (!GST_PAD_LINK_SUCCESSFUL(gst_pad_link(pad, made.pad.get()))) {
    forget(made);
    return failed;
  }
  if (made.element == switch_) {
    g_object_set(made.pad.get(), "priority", track.presenter ? 1U : 0U, nullptr);
    const std::lock_guard lock{mutex_};
    if (output == LiveOutput::picture) ++cameras_;
  }
  arrange_pictures();
  return made;
}

void LiveMixers::forget(const LiveLink& link) {
  {
    const std::lock_guard lock{mutex_};
    std::erase_if(places_, [&](const Place& place) { return place.pad == link.pad.get(); });
  }
  gst_element_release_request_pad(link.element, link.pad.get());
}

void LiveMixers::disconnect(LiveLink link) {
  if (link.element == switch_ && g_str_has_prefix(GST_PAD_NAME(link.pad.get()), "video")) {
    const std::lock_guard lock{mutex_};
    --cameras_;
  }
  forget(link);
  arrange_pictures();
}

const LiveTrack* LiveMixers::speaker() const {
  gchar* raw = nullptr;
  g_object_get(switch_, "active-pad", &raw, nullptr);
  const GCharPtr pad{raw};
  unsigned number = 0;
  if (!raw || std::sscanf(raw, "%*[a-z]_%u", &number) != 1) return nullptr;
  const bool seen = g_str_has_prefix(raw, "video");
  for (const auto& track : plan_.tracks)
    if (track.number == number && (seen ? track.switched() : track.measured)) return &track;
  return nullptr;
}

// --- pictures

GstPad* LiveMixers::add_place(const LiveTrack* track) {
  const auto pad = adopt(gst_element_request_pad_simple(compositor_, "sink_%u"));
  gst_util_set_object_arg(G_OBJECT(pad.get()), "sizing-policy", "keep-aspect-ratio");
  hide(pad.get());
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_place_event, this, nullptr);
  const std::lock_guard lock{mutex_};
  places_.push_back({track, pad.get(), {}, g_get_monotonic_time()});
  return pad.get();
}

GstPadProbeReturn LiveMixers::on_place_event(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  static_cast<LiveMixers*>(self)->take_size(pad, caps);
  return GST_PAD_PROBE_OK;
}

void LiveMixers::take_size(GstPad* pad, GstCaps* caps) {
  {
    const std::lock_guard lock{mutex_};
    for (auto& place : places_)
      if (place.pad == pad) place.size = size_of(caps);
  }
  arrange_pictures();
}

void LiveMixers::arrange_pictures() {
  std::unique_lock lock{mutex_};
  changed_ = true;
  if (arranging_) return;
  arranging_ = true;
  while (std::exchange(changed_, false)) {
    const auto wanted = arrangement();
    lock.unlock();
    for (const auto& [pad, tile] : wanted) tile ? show(pad.get(), *tile) : hide(pad.get());
    lock.lock();
  }
  arranging_ = false;
}

// By the rules of docs/layouts.md, for those that are there.  With mutex_.
std::vector<std::pair<GstPtr<GstPad>, std::optional<Tile>>> LiveMixers::arrangement() const {
  LayoutContext context;
  context.policy = plan_.policy;
  context.canvas = {plan_.canvas.width, plan_.canvas.height};
  std::vector<LayoutSource> sources;
  std::vector<GstPad*> pads;
  for (const auto& place : places_) {
    if (!place.size || (!place.track && cameras_ == 0)) continue;
    if (!place.track) context.speaker = sources.size();
    LayoutSource source;
    source.kind = place.track ? place.track->kind : TrackKind::camera;
    source.size = *place.size;
    source.since = Nanoseconds{place.since * 1000};
    sources.push_back(source);
    pads.push_back(place.pad);
  }
  const auto tiles = arrange(context, sources).tiles;
  std::vector<std::pair<GstPtr<GstPad>, std::optional<Tile>>> all;
  for (const auto& place : places_) {
    const auto tile = std::find_if(tiles.begin(), tiles.end(), [&](const Tile& candidate) {
      return pads[candidate.source] == place.pad;
    });
    all.emplace_back(retain(place.pad), tile == tiles.end() ? std::nullopt : std::optional{*tile});
  }
  return all;
}

}  // namespace rostrum
