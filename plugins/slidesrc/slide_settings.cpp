// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slidesrc/slide_settings.h"

#include "engine/picture.h"
#include "lib/glib_cpp.h"

namespace rostrum {

namespace {

enum {
  PROP_0,
  PROP_SLIDES,
  PROP_LOCATION,
  PROP_TRACK,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_FRAMERATE,
  PROP_START,
  PROP_STOP,
  PROP_MODE,
  PROP_GAP,
  PROP_ON_DAMAGE,
  N_PROPS
};
GParamSpec* props[N_PROPS];

enum { MODE_FIXED, MODE_CHANGE };
enum { GAP_FILL, GAP_EVENT };
enum { DAMAGE_SUBSTITUTE, DAMAGE_FAIL };

GType mode_type() {
  static const GEnumValue values[] = {{MODE_FIXED, "One buffer per output frame", "fixed"},
                                      {MODE_CHANGE, "One buffer per change of picture", "change"},
                                      {0, nullptr, nullptr}};
  static const GType type = g_enum_register_static("RostrumSlideSrcMode", values);
  return type;
}

GType gap_type() {
  static const GEnumValue values[] = {{GAP_FILL, "Black of the element's size", "fill"},
                                      {GAP_EVENT, "GAP events", "event"},
                                      {0, nullptr, nullptr}};
  static const GType type = g_enum_register_static("RostrumSlideSrcGap", values);
  return type;
}

GType on_damage_type() {
  static const GEnumValue values[] = {
      {DAMAGE_SUBSTITUTE, "A plain slide with the page's number, and a message", "substitute"},
      {DAMAGE_FAIL, "An error", "fail"},
      {0, nullptr, nullptr}};
  static const GType type = g_enum_register_static("RostrumSlideSrcOnDamage", values);
  return type;
}

std::string text_of(const GValue* value) {
  const char* text = g_value_get_string(value);
  return text ? text : "";
}

void install_sources() {
  /**
   * RostrumSlideSrc:slides:
   *
   * Structures of any name with the fields `location` (string, path of a picture or PDF), `page`
   * (int, from 1), `start` and `duration` (guint64, nanoseconds), and optionally `asset` (string,
   * for messages), `width` and `height` (int, pixels; else the element's), `fit` (string:
   * `contain`, `cover` or `stretch`; else `contain`), `background` (guint, 0xRRGGBB, what the
   * picture leaves of its size; else black) and `color` (guint, 0xRRGGBB: a plain picture, which
   * needs no location).  A slide that starts cuts one that still stands.
   */
  props[PROP_SLIDES] = gst_param_spec_array(
      "slides", "Slides", "What is shown when, as structures",
      g_param_spec_boxed("slide", "Slide", "What is shown, from when and for how long",
                         GST_TYPE_STRUCTURE, kMutableReady),
      kMutableReady);
  /**
   * RostrumSlideSrc:location:
   *
   * Path of a job manifest, whose track named by #RostrumSlideSrc:track is shown.
   */
  props[PROP_LOCATION] =
      g_param_spec_string("location", "Location", "Path of a job manifest", nullptr, kMutableReady);
  /**
   * RostrumSlideSrc:track:
   *
   * Id of a track of kind slides of the manifest.
   */
  props[PROP_TRACK] = g_param_spec_string("track", "Track", "Id of the manifest's track to show",
                                          nullptr, kMutableReady);
}

void install_format() {
  const SlideSettings defaults;
  /**
   * RostrumSlideSrc:width:
   *
   * Width of gaps, and of slides that do not say otherwise.
   */
  props[PROP_WIDTH] = g_param_spec_int("width", "Width", "Width of the picture in pixels", 1,
                                       kLargestPicture, defaults.width, kMutableReady);
  /**
   * RostrumSlideSrc:height:
   *
   * Height of gaps, and of slides that do not say otherwise.
   */
  props[PROP_HEIGHT] = g_param_spec_int("height", "Height", "Height of the picture in pixels", 1,
                                        kLargestPicture, defaults.height, kMutableReady);
  /**
   * RostrumSlideSrc:framerate:
   *
   * The output grid, to which all times snap: a slide [a, b) holds the frames that stand from a to
   * b, a frame that stands less than 1 ms before included.
   */
  props[PROP_FRAMERATE] = gst_param_spec_fraction(
      "framerate", "Frame rate", "Output frames per second", 1, 1000, 1000, 1,
      static_cast<int>(defaults.rate.num), static_cast<int>(defaults.rate.den), kMutableReady);
}

void install_range() {
  const SlideSettings defaults;
  /**
   * RostrumSlideSrc:start:
   *
   * Where the programme begins, on the slides' time axis. The segment begins there, too.
   */
  props[PROP_START] = g_param_spec_uint64("start", "Start", "Begin of the programme in nanoseconds",
                                          0, G_MAXINT64, defaults.start, kMutableReady);
  /**
   * RostrumSlideSrc:stop:
   *
   * Where the programme ends; by default where the last slide does.
   */
  props[PROP_STOP] = g_param_spec_uint64("stop", "Stop", "End of the programme in nanoseconds", 0,
                                         G_MAXUINT64, defaults.stop, kMutableReady);
}

void install_behaviour() {
  /**
   * RostrumSlideSrc:mode:
   *
   * A buffer per output frame, or one per change of picture, which lasts until the next.
   */
  props[PROP_MODE] = g_param_spec_enum("mode", "Mode", "How often a buffer is put out", mode_type(),
                                       MODE_FIXED, kMutableReady);
  /**
   * RostrumSlideSrc:gap:
   *
   * What is put out where no slide is.
   */
  props[PROP_GAP] = g_param_spec_enum("gap", "Gap", "What is put out where no slide is", gap_type(),
                                      GAP_FILL, kMutableReady);
  /**
   * RostrumSlideSrc:on-damage:
   *
   * What a picture that cannot be read leads to.
   */
  props[PROP_ON_DAMAGE] =
      g_param_spec_enum("on-damage", "On damage", "What an unreadable picture leads to",
                        on_damage_type(), DAMAGE_SUBSTITUTE, kMutableReady);
}

}  // namespace

void install_slide_properties(GObjectClass* klass) {
  install_sources();
  install_format();
  install_range();
  install_behaviour();
  g_object_class_install_properties(klass, N_PROPS, props);
}

bool set_slide_property(SlideSettings& s, guint id, const GValue* value) {
  switch (id) {
  case PROP_SLIDES:
    return s.slides.set(value), true;
  case PROP_LOCATION:
    return s.location = text_of(value), true;
  case PROP_TRACK:
    return s.track = text_of(value), true;
  case PROP_WIDTH:
    return s.width = g_value_get_int(value), true;
  case PROP_HEIGHT:
    return s.height = g_value_get_int(value), true;
  case PROP_FRAMERATE:
    s.rate = {gst_value_get_fraction_numerator(value), gst_value_get_fraction_denominator(value)};
    return true;
  case PROP_START:
    return s.start = g_value_get_uint64(value), true;
  case PROP_STOP:
    return s.stop = g_value_get_uint64(value), true;
  case PROP_MODE:
    return s.on_change = g_value_get_enum(value) == MODE_CHANGE, true;
  case PROP_GAP:
    return s.gap_events = g_value_get_enum(value) == GAP_EVENT, true;
  case PROP_ON_DAMAGE:
    return s.fail_on_damage = g_value_get_enum(value) == DAMAGE_FAIL, true;
  default:
    return false;
  }
}

bool get_slide_property(const SlideSettings& s, guint id, GValue* value) {
  switch (id) {
  case PROP_SLIDES:
    return g_value_copy(s.slides.get(), value), true;
  case PROP_LOCATION:
    return g_value_set_string(value, s.location.c_str()), true;
  case PROP_TRACK:
    return g_value_set_string(value, s.track.c_str()), true;
  case PROP_WIDTH:
    return g_value_set_int(value, s.width), true;
  case PROP_HEIGHT:
    return g_value_set_int(value, s.height), true;
  case PROP_FRAMERATE:
    gst_value_set_fraction(value, static_cast<int>(s.rate.num), static_cast<int>(s.rate.den));
    return true;
  case PROP_START:
    return g_value_set_uint64(value, s.start), true;
  case PROP_STOP:
    return g_value_set_uint64(value, s.stop), true;
  case PROP_MODE:
    return g_value_set_enum(value, s.on_change ? MODE_CHANGE : MODE_FIXED), true;
  case PROP_GAP:
    return g_value_set_enum(value, s.gap_events ? GAP_EVENT : GAP_FILL), true;
  case PROP_ON_DAMAGE:
    return g_value_set_enum(value, s.fail_on_damage ? DAMAGE_FAIL : DAMAGE_SUBSTITUTE), true;
  default:
    return false;
  }
}

}  // namespace rostrum
