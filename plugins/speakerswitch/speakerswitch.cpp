// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-speakerswitch
 * @title: speakerswitch
 * @see_also: input-selector
 *
 * Puts out the picture and the sound of whoever is speaking. The sink pads `video_N` and `audio_N`
 * of the same number are one person's. The levels of the sound are measured here, and the speaker
 * is decided from them every 0.1 s of running time; the picture changes at a frame's boundary.
 *
 * On each change the property #RostrumSpeakerSwitch:active-pad is notified and an element message
 * `rostrum-speaker` is posted, with the fields `running-time` (guint64, nanoseconds), `old` and
 * `new` (string, names of pads; empty for nobody) and `levels` (GstStructure: audio pad to gdouble,
 * dBFS in the last 0.1 s).
 *
 * The element adds no latency. Each of several streams of one source needs a `queue` before it.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 speakerswitch name=s hold-time=1000000000 ! videoconvert ! autovideosink \
 *   s.audio ! audioconvert ! autoaudiosink \
 *   videotestsrc num-buffers=300 ! queue ! s.video_0 \
 *   videotestsrc num-buffers=300 pattern=ball ! queue ! s.video_1 \
 *   audiotestsrc num-buffers=430 wave=ticks tick-interval=6000000000 \
 *     sine-periods-per-tick=1320 ! audioconvert ! queue ! s.audio_0 \
 *   audiotestsrc num-buffers=300 wave=ticks tick-interval=6000000000 freq=660 \
 *     sine-periods-per-tick=1980 timestamp-offset=3000000000 ! audioconvert ! queue ! s.audio_1
 * ]|
 */
#include "speakerswitch/speakerswitch.h"

#include "speakerswitch/speaker_switch_pad.h"
#include "speakerswitch/switch_settings.h"
#include "speakerswitch/switchboard.h"

#include <cstdio>

GST_DEBUG_CATEGORY_STATIC(speaker_switch_debug);
#define GST_CAT_DEFAULT speaker_switch_debug

using namespace rostrum;

namespace {

#define VIDEO_CAPS "video/x-raw(ANY)"
#define AUDIO_CAPS \
  "audio/x-raw, format = (string) { " GST_AUDIO_NE(F32) ", " GST_AUDIO_NE( \
      S16) ", " GST_AUDIO_NE(S32) " }, rate = (int) [ 1, max ], channels = (int) [ 1, max ], " \
                                  "layout = (string) interleaved"

GstStaticPadTemplate video_sink_template =
    GST_STATIC_PAD_TEMPLATE("video_%u", GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS(VIDEO_CAPS));
GstStaticPadTemplate audio_sink_template =
    GST_STATIC_PAD_TEMPLATE("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS(AUDIO_CAPS));
GstStaticPadTemplate video_src_template =
    GST_STATIC_PAD_TEMPLATE("video", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(VIDEO_CAPS));
GstStaticPadTemplate audio_src_template =
    GST_STATIC_PAD_TEMPLATE("audio", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS(AUDIO_CAPS));

}  // namespace

struct RostrumSpeakerSwitchPrivate {
  explicit RostrumSpeakerSwitchPrivate(GstElement* element) : board{element} {}
  Switchboard board;
  std::mutex numbering;                   // of new pads
  std::array<unsigned, 2> next_number{};  // by medium, with `numbering`
};

struct _RostrumSpeakerSwitch {
  GstElement parent;
  RostrumSpeakerSwitchPrivate* priv;
};

G_DEFINE_TYPE_WITH_CODE(RostrumSpeakerSwitch, rostrum_speaker_switch, GST_TYPE_ELEMENT,
                        GST_DEBUG_CATEGORY_INIT(speaker_switch_debug, "speakerswitch", 0,
                                                "Speaker switch"))
GST_ELEMENT_REGISTER_DEFINE(speakerswitch, "speakerswitch", GST_RANK_NONE,
                            ROSTRUM_TYPE_SPEAKER_SWITCH)

static Switchboard& board_of(gpointer element) {
  return ROSTRUM_SPEAKER_SWITCH(element)->priv->board;
}

static Medium medium_of(GstPad* pad) {
  return g_str_has_prefix(GST_PAD_NAME(pad), "video") ? Medium::video : Medium::audio;
}

static GstFlowReturn rostrum_speaker_switch_chain(GstPad* pad, GstObject* parent,
                                                  GstBuffer* buffer) {
  return board_of(parent).chain(input_of(pad), adopt(buffer));
}

static gboolean rostrum_speaker_switch_sink_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  return board_of(parent).event(input_of(pad), pad, adopt(event));
}

static gboolean rostrum_speaker_switch_sink_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  return board_of(parent).query(input_of(pad), pad, query);
}

static gboolean rostrum_speaker_switch_src_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  return board_of(parent).source_event(medium_of(pad), pad, adopt(event));
}

static gboolean rostrum_speaker_switch_src_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  return board_of(parent).source_query(medium_of(pad), pad, query);
}

static void rostrum_speaker_switch_add_output(RostrumSpeakerSwitch* self, Medium medium) {
  auto* templ = gst_static_pad_template_get(medium == Medium::video ? &video_src_template
                                                                    : &audio_src_template);
  auto* pad = gst_pad_new_from_template(templ, medium == Medium::video ? "video" : "audio");
  gst_object_unref(templ);
  gst_pad_set_event_function(pad, rostrum_speaker_switch_src_event);
  gst_pad_set_query_function(pad, rostrum_speaker_switch_src_query);
  gst_element_add_pad(GST_ELEMENT(self), pad);
  board_of(self).set_output(medium, pad);
}

static void rostrum_speaker_switch_set_mix(RostrumSpeakerSwitch* self, bool mix) {
  auto* output = board_of(self).output(Medium::audio);
  if (mix == !output) return;
  if (GST_STATE(self) != GST_STATE_NULL) {
    GST_WARNING_OBJECT(self, "mix can be set in the state NULL only");
    return;
  }
  if (!mix) {
    rostrum_speaker_switch_add_output(self, Medium::audio);
    return;
  }
  auto* pad = output->pad();
  board_of(self).set_output(Medium::audio, nullptr);
  gst_element_remove_pad(GST_ELEMENT(self), pad);
}

// The name of a new pad, its number being the lowest that no pad of the medium has had; nothing
// when the name that is asked for is taken or is none.
static std::optional<std::pair<std::string, guint>> rostrum_speaker_switch_name(
    RostrumSpeakerSwitch* self, Medium medium, const gchar* asked) {
  const std::string prefix = medium == Medium::video ? "video_" : "audio_";
  const std::lock_guard lock{self->priv->numbering};
  auto& next = self->priv->next_number[static_cast<std::size_t>(medium)];
  guint number = next;
  if (asked) {
    char rest = 0;
    const auto format = prefix + "%u%c";
    if (std::sscanf(asked, format.c_str(), &number, &rest) != 1) return {};
  }
  const auto name = prefix + std::to_string(number);
  if (const auto taken = adopt(gst_element_get_static_pad(GST_ELEMENT(self), name.c_str())))
    return {};
  next = std::max(next, number + 1);
  return std::pair{name, number};
}

static GstPad* rostrum_speaker_switch_request_new_pad(GstElement* element, GstPadTemplate* templ,
                                                      const gchar* asked, const GstCaps*) {
  auto* self = ROSTRUM_SPEAKER_SWITCH(element);
  const auto medium = g_str_has_prefix(GST_PAD_TEMPLATE_NAME_TEMPLATE(templ), "video")
                          ? Medium::video
                          : Medium::audio;
  const auto name = rostrum_speaker_switch_name(self, medium, asked);
  if (!name) {
    GST_WARNING_OBJECT(self, "no new pad can be called %s", asked ? asked : "so");
    return nullptr;
  }
  auto* pad = new_switch_pad(templ, board_of(self).state().add(medium, name->second, name->first));
  gst_pad_set_chain_function(pad, rostrum_speaker_switch_chain);
  gst_pad_set_event_function(pad, rostrum_speaker_switch_sink_event);
  gst_pad_set_query_function(pad, rostrum_speaker_switch_sink_query);
  gst_element_add_pad(element, pad);
  return pad;
}

static void rostrum_speaker_switch_release_pad(GstElement* element, GstPad* pad) {
  const auto held = retain(pad);
  board_of(element).remove(input_of(pad));
  gst_pad_set_active(pad, FALSE);
  gst_element_remove_pad(element, pad);
}

static GstStateChangeReturn rostrum_speaker_switch_change_state(GstElement* element,
                                                                GstStateChange transition) {
  auto& board = board_of(element);
  switch (transition) {
  case GST_STATE_CHANGE_READY_TO_PAUSED:
    board.start();
    break;
  case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
    board.state().set_clock(adopt(gst_element_get_clock(element)),
                            gst_element_get_base_time(element));
    break;
  case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
    board.state().set_clock(nullptr, 0);
    break;
  case GST_STATE_CHANGE_PAUSED_TO_READY:
    board.state().stop();
    break;
  default:
    break;
  }
  return GST_ELEMENT_CLASS(rostrum_speaker_switch_parent_class)->change_state(element, transition);
}

static void rostrum_speaker_switch_set_property(GObject* object, guint id, const GValue* value,
                                                GParamSpec* pspec) {
  if (id == PROP_MIX) {
    rostrum_speaker_switch_set_mix(ROSTRUM_SPEAKER_SWITCH(object), g_value_get_boolean(value));
    return;
  }
  bool known = false;
  board_of(object).state().change_settings(
      [&](SwitchSettings& settings) { known = set_switch_setting(settings, id, value); });
  if (!known) G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  board_of(object).announce();
}

static void rostrum_speaker_switch_get_property(GObject* object, guint id, GValue* value,
                                                GParamSpec* pspec) {
  auto& board = board_of(object);
  if (id == PROP_MIX)
    g_value_set_boolean(value, !board.output(Medium::audio));
  else if (id == PROP_ACTIVE_PAD)
    g_value_set_string(value, board.state().active_pad().c_str());
  else if (!get_switch_setting(board.state().settings(), id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void rostrum_speaker_switch_init(RostrumSpeakerSwitch* self) {
  self->priv = new RostrumSpeakerSwitchPrivate{GST_ELEMENT(self)};
  for (const auto medium : kMedia) rostrum_speaker_switch_add_output(self, medium);
}

static void rostrum_speaker_switch_finalize(GObject* object) {
  delete ROSTRUM_SPEAKER_SWITCH(object)->priv;
  G_OBJECT_CLASS(rostrum_speaker_switch_parent_class)->finalize(object);
}

static void rostrum_speaker_switch_class_init(RostrumSpeakerSwitchClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = rostrum_speaker_switch_set_property;
  object_class->get_property = rostrum_speaker_switch_get_property;
  object_class->finalize = rostrum_speaker_switch_finalize;
  install_switch_properties(object_class);

  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template_with_gtype(element_class, &video_sink_template,
                                                       ROSTRUM_TYPE_SPEAKER_SWITCH_PAD);
  gst_element_class_add_static_pad_template_with_gtype(element_class, &audio_sink_template,
                                                       ROSTRUM_TYPE_SPEAKER_SWITCH_PAD);
  gst_element_class_add_static_pad_template(element_class, &video_src_template);
  gst_element_class_add_static_pad_template(element_class, &audio_src_template);
  gst_element_class_set_static_metadata(element_class, "Speaker switch", "Generic",
                                        "Puts out the picture and sound of whoever is speaking",
                                        "The rostrum authors");
  gst_type_mark_as_plugin_api(ROSTRUM_TYPE_SPEAKER_SWITCH_PAD, static_cast<GstPluginAPIFlags>(0));
  element_class->request_new_pad = GST_DEBUG_FUNCPTR(rostrum_speaker_switch_request_new_pad);
  element_class->release_pad = GST_DEBUG_FUNCPTR(rostrum_speaker_switch_release_pad);
  element_class->change_state = GST_DEBUG_FUNCPTR(rostrum_speaker_switch_change_state);
}
