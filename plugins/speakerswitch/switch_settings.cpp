// SPDX-License-Identifier: LGPL-2.1-or-later
#include "speakerswitch/switch_settings.h"

#include "lib/glib_cpp.h"

namespace rostrum {

namespace {

GParamSpec* props[N_SWITCH_PROPS];

guint64 nanoseconds(Nanoseconds t) { return static_cast<guint64>(t.count()); }

Nanoseconds time_of(const GValue* value) {
  return Nanoseconds{static_cast<std::int64_t>(g_value_get_uint64(value))};
}

std::string text_of(const GValue* value) {
  const char* text = g_value_get_string(value);
  return text ? text : "";
}

void install_decision() {
  const SpeakerOptions defaults;
  /**
   * RostrumSpeakerSwitch:window-time:
   *
   * Who talks for more than half of this time becomes the speaker. Counted in steps of 0.1 s.
   */
  props[PROP_WINDOW_TIME] = g_param_spec_uint64(
      "window-time", "Window time", "Nanoseconds over which people are compared",
      nanoseconds(200ms), nanoseconds(60s), nanoseconds(defaults.window), kMutableReady);
  /**
   * RostrumSpeakerSwitch:hold-time:
   *
   * The least time from one change of speaker to the next.
   */
  props[PROP_HOLD_TIME] = g_param_spec_uint64(
      "hold-time", "Hold time", "Least nanoseconds from one change of speaker to the next", 0,
      nanoseconds(1h), nanoseconds(defaults.hold), kMutableReady);
  /**
   * RostrumSpeakerSwitch:threshold:
   *
   * Who stays below it does not talk.
   */
  props[PROP_THRESHOLD] =
      g_param_spec_double("threshold", "Threshold", "Least level of talk in dBFS", -120, 0,
                          defaults.threshold, kMutableReady);
  /**
   * RostrumSpeakerSwitch:margin:
   *
   * By how much the one who talks is above the median of the other people.
   */
  props[PROP_MARGIN] =
      g_param_spec_double("margin", "Margin", "Least dB of talk over the median of the others", 0,
                          60, defaults.margin, kMutableReady);
}

void install_choice() {
  /**
   * RostrumSpeakerSwitch:default-pad:
   *
   * Name of a sink pad, whose person is shown at the beginning and after 10 s of silence. Without
   * it, or while that person is not there, the person with the highest priority of the pads.
   */
  props[PROP_DEFAULT_PAD] =
      g_param_spec_string("default-pad", "Default pad", "Pad of who is shown when nobody talks",
                          nullptr, kMutablePlaying);
  /**
   * RostrumSpeakerSwitch:active-pad:
   *
   * Name of the speaker's video pad, or of the audio pad of somebody without video. What is written
   * takes effect while #RostrumSpeakerSwitch:auto is false: from the next buffer on.
   */
  props[PROP_ACTIVE_PAD] = g_param_spec_string("active-pad", "Active pad", "Pad of the speaker",
                                               nullptr, kMutablePlaying);
  /**
   * RostrumSpeakerSwitch:auto:
   *
   * Whether the speaker is found from the sound; else #RostrumSpeakerSwitch:active-pad is shown.
   */
  props[PROP_AUTO] =
      g_param_spec_boolean("auto", "Automatic", "Whether the speaker is found from the sound",
                           SwitchSettings{}.automatic, kMutablePlaying);
  /**
   * RostrumSpeakerSwitch:mix:
   *
   * Whether the sound goes round this element, to a mixer: then there is no source pad `audio`. It
   * can be set in the state NULL only.
   */
  props[PROP_MIX] = g_param_spec_boolean("mix", "Mix", "Whether the sound goes round this element",
                                         FALSE, kMutableReady);
}

}  // namespace

void install_switch_properties(GObjectClass* klass) {
  install_decision();
  install_choice();
  g_object_class_install_properties(klass, N_SWITCH_PROPS, props);
}

bool set_switch_setting(SwitchSettings& s, guint id, const GValue* value) {
  switch (id) {
  case PROP_WINDOW_TIME:
    return s.options.window = time_of(value), true;
  case PROP_HOLD_TIME:
    return s.options.hold = time_of(value), true;
  case PROP_THRESHOLD:
    return s.options.threshold = g_value_get_double(value), true;
  case PROP_MARGIN:
    return s.options.margin = g_value_get_double(value), true;
  case PROP_DEFAULT_PAD:
    return s.default_pad = text_of(value), true;
  case PROP_ACTIVE_PAD:
    return s.active_pad = text_of(value), true;
  case PROP_AUTO:
    return s.automatic = g_value_get_boolean(value), true;
  default:
    return false;
  }
}

bool get_switch_setting(const SwitchSettings& s, guint id, GValue* value) {
  switch (id) {
  case PROP_WINDOW_TIME:
    return g_value_set_uint64(value, nanoseconds(s.options.window)), true;
  case PROP_HOLD_TIME:
    return g_value_set_uint64(value, nanoseconds(s.options.hold)), true;
  case PROP_THRESHOLD:
    return g_value_set_double(value, s.options.threshold), true;
  case PROP_MARGIN:
    return g_value_set_double(value, s.options.margin), true;
  case PROP_DEFAULT_PAD:
    return g_value_set_string(value, s.default_pad.c_str()), true;
  case PROP_AUTO:
    return g_value_set_boolean(value, s.automatic), true;
  default:
    return false;
  }
}

}  // namespace rostrum
