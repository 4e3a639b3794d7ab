// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speakerswitch/speaker_switch_pad.h"

#include "lib/glib_cpp.h"

using rostrum::SwitchInput;

namespace {

enum { PROP_0, PROP_PRIORITY, PROP_MUTED, N_PROPS };
GParamSpec* props[N_PROPS];

}  // namespace

struct RostrumSpeakerSwitchPadPrivate {
  std::shared_ptr<SwitchInput> input;
};

struct _RostrumSpeakerSwitchPad {
  GstPad parent;
  RostrumSpeakerSwitchPadPrivate* priv;
};

G_DEFINE_TYPE(RostrumSpeakerSwitchPad, rostrum_speaker_switch_pad, GST_TYPE_PAD)

static void rostrum_speaker_switch_pad_set_property(GObject* object, guint id, const GValue* value,
                                                    GParamSpec* pspec) {
  auto& input = *ROSTRUM_SPEAKER_SWITCH_PAD(object)->priv->input;
  switch (id) {
  case PROP_PRIORITY:
    input.priority = g_value_get_uint(value);
    break;
  case PROP_MUTED:
    input.muted = g_value_get_boolean(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void rostrum_speaker_switch_pad_get_property(GObject* object, guint id, GValue* value,
                                                    GParamSpec* pspec) {
  const auto& input = *ROSTRUM_SPEAKER_SWITCH_PAD(object)->priv->input;
  switch (id) {
  case PROP_PRIORITY:
    g_value_set_uint(value, input.priority);
    break;
  case PROP_MUTED:
    g_value_set_boolean(value, input.muted);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void rostrum_speaker_switch_pad_init(RostrumSpeakerSwitchPad* self) {
  self->priv = new RostrumSpeakerSwitchPadPrivate;
  // Until new_switch_pad() gives it one.
  self->priv->input = std::make_shared<SwitchInput>(rostrum::Medium::video, 0, "");
}

static void rostrum_speaker_switch_pad_finalize(GObject* object) {
  delete ROSTRUM_SPEAKER_SWITCH_PAD(object)->priv;
  G_OBJECT_CLASS(rostrum_speaker_switch_pad_parent_class)->finalize(object);
}

static void rostrum_speaker_switch_pad_class_init(RostrumSpeakerSwitchPadClass* klass) {
  using namespace rostrum;
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = rostrum_speaker_switch_pad_set_property;
  object_class->get_property = rostrum_speaker_switch_pad_get_property;
  object_class->finalize = rostrum_speaker_switch_pad_finalize;
  /**
   * RostrumSpeakerSwitchPad:priority:
   *
   * Of the people who are there the one whose pads have the highest priority above 0 is the default
   * person, unless #RostrumSpeakerSwitch:default-pad names another.
   */
  props[PROP_PRIORITY] =
      g_param_spec_uint("priority", "Priority", "The highest one above 0 is the default person", 0,
                        G_MAXUINT, 0, kMutablePlaying);
  /**
   * RostrumSpeakerSwitchPad:muted:
   *
   * A person with a muted pad cannot become the speaker; their sound is not measured.
   */
  props[PROP_MUTED] = g_param_spec_boolean(
      "muted", "Muted", "Whether this person cannot become the speaker", FALSE, kMutablePlaying);
  g_object_class_install_properties(object_class, N_PROPS, props);
}

namespace rostrum {

GstPad* new_switch_pad(GstPadTemplate* templ, std::shared_ptr<SwitchInput> input) {
  auto* pad = GST_PAD(g_object_new(ROSTRUM_TYPE_SPEAKER_SWITCH_PAD, "name", input->name.c_str(),
                                   "direction", GST_PAD_SINK, "template", templ, nullptr));
  ROSTRUM_SPEAKER_SWITCH_PAD(pad)->priv->input = std::move(input);
  return pad;
}

SwitchInput& input_of(GstPad* pad) { return *ROSTRUM_SPEAKER_SWITCH_PAD(pad)->priv->input; }

}  // namespace rostrum
