// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timelinesrc/properties.h"

#include "engine/gain_value.h"
#include "lib/glib_cpp.h"
#include "timelinesrc/clip_list.h"

#include <algorithm>
#include <iterator>

namespace rostrum::timelinesrc {

namespace {

enum {
  PROP_0,
  PROP_CLIPS,
  PROP_LOCATION,
  PROP_TRACK,
  PROP_MEDIA,
  PROP_START,
  PROP_STOP,
  PROP_FRAMERATE,
  PROP_GAP,
  PROP_ON_DAMAGE,
  PROP_STALL_TIMEOUT,
  PROP_GAINS,
  N_PROPS
};
GParamSpec* props[N_PROPS];

const GEnumValue kMedia[] = {{static_cast<int>(Media::video), "The clips' pictures", "video"},
                             {static_cast<int>(Media::audio), "The clips' sound", "audio"},
                             {0, nullptr, nullptr}};
const GEnumValue kGap[] = {{static_cast<int>(GapKind::event), "GAP events, for mixers", "event"},
                           {static_cast<int>(GapKind::fill), "Black pictures or silence", "fill"},
                           {0, nullptr, nullptr}};
const GEnumValue kDamage[] = {
    {static_cast<int>(Damage::substitute), "A gap of the same length and a message", "substitute"},
    {static_cast<int>(Damage::fail), "An error", "fail"},
    {0, nullptr, nullptr}};

GType enum_type(const char* name, const GEnumValue* values) {
  const GType known = g_type_from_name(name);
  return known ? known : g_enum_register_static(name, values);
}

Nanoseconds time_of(const GValue* value) {
  const auto ns = g_value_get_uint64(value);
  return ns > G_MAXINT64 ? kNoTime : Nanoseconds{static_cast<std::int64_t>(ns)};
}

Nanoseconds stall_timeout_of(const GValue* value) {
  constexpr Nanoseconds kForEver = 1000h;
  const auto time = time_of(value);
  return time == kNoTime ? kForEver : std::min(time, kForEver);
}

guint64 ns(Nanoseconds t) {
  return t == kNoTime ? GST_CLOCK_TIME_NONE : static_cast<guint64>(t.count());
}

void set_clips(Settings& s, const GValue* value) {
  auto clips = clips_from_value(value);
  s.clips_problem = clips ? "" : clips.error().message;
  s.clips = clips ? std::move(*clips) : std::vector<TimelineClip>{};
}

void set_gains(Settings& s, const GValue* value) {
  auto gains = gains_from_value(value);
  s.gains_problem = gains ? "" : gains.error().message;
  s.gains = gains ? std::move(*gains) : std::vector<GainCurve>{};
}

std::string text_of(const GValue* value) {
  const char* text = g_value_get_string(value);
  return text ? text : "";
}

GParamSpec* time_spec(const char* name, const char* nick, const char* blurb, Nanoseconds initial) {
  return g_param_spec_uint64(name, nick, blurb, 0, G_MAXUINT64, ns(initial), kMutableReady);
}

void make_clips_spec() {
  /**
   * RostrumTimelineSrc:clips:
   *
   * The pieces of media to play: structures named "clip" with the fields `location` (string, path
   * of a local file), `start` (guint64, ns on the timeline), `duration` (guint64, ns) and,
   * optionally, `in` (guint64, ns of the medium at `start`, default 0), `asset` (string, its name
   * in messages), `width` and `height` (int, pixels, even; default: the medium's own display size),
   * `fit` (string: how the picture fills that size, `contain` with black around it, which is the
   * default, `cover`, cropped, or `stretch`), `hold` (guint64, ns, default 2 s: the longest time
   * one frame is shown while the next is missing; G_MAXUINT64: until the next), `volume` (double,
   * factor of the sound's amplitude, default 1) and `pan` (double, -1, left only, to 1, right only,
   * default 0).  Of two clips that overlap the later cuts the earlier.
   */
  props[PROP_CLIPS] = gst_param_spec_array(
      "clips", "Clips", "Pieces of media to play, as structures",
      g_param_spec_boxed("clip", "Clip",
                         "location, start, in, duration, width, height, fit, hold, volume, pan",
                         GST_TYPE_STRUCTURE, kMutableReady),
      kMutableReady);
}

void make_source_specs() {
  /**
   * RostrumTimelineSrc:location:
   *
   * A job manifest; the clips are those of its #RostrumTimelineSrc:track, unless
   * #RostrumTimelineSrc:clips is set.  Its assets must lie below its folder.
   */
  props[PROP_LOCATION] =
      g_param_spec_string("location", "Location", "Path of a job manifest", nullptr, kMutableReady);
  /**
   * RostrumTimelineSrc:track:
   *
   * Id of the manifest's track to play.
   */
  props[PROP_TRACK] = g_param_spec_string("track", "Track", "Id of a track of the manifest",
                                          nullptr, kMutableReady);
  /**
   * RostrumTimelineSrc:media:
   *
   * Which of the clips' streams is played: the first with pictures or the first with sound.
   */
  props[PROP_MEDIA] = g_param_spec_enum("media", "Media", "Pictures or sound",
                                        enum_type("RostrumTimelineSrcMedia", kMedia),
                                        static_cast<int>(Media::video), kMutableReady);
}

void make_time_specs() {
  /**
   * RostrumTimelineSrc:start:
   *
   * Where on the timeline playing starts, in nanoseconds; running time 0.
   */
  props[PROP_START] =
      time_spec("start", "Start", "Start of the part that is played, in ns", Settings{}.start);
  /**
   * RostrumTimelineSrc:stop:
   *
   * Where on the timeline playing ends, in nanoseconds; GST_CLOCK_TIME_NONE: with the last clip.
   */
  props[PROP_STOP] =
      time_spec("stop", "Stop", "End of the part that is played, in ns", Settings{}.stop);
  /**
   * RostrumTimelineSrc:framerate:
   *
   * Output frames per second, from 1/1001 to 1000.
   */
  props[PROP_FRAMERATE] =
      gst_param_spec_fraction("framerate", "Frame rate", "Output frames per second", 1, 1001, 1000,
                              1, static_cast<int>(Settings{}.framerate.num),
                              static_cast<int>(Settings{}.framerate.den), kMutableReady);
  /**
   * RostrumTimelineSrc:stall-timeout:
   *
   * Wall time in nanoseconds without data from a medium after which it is substituted.
   */
  props[PROP_STALL_TIMEOUT] =
      time_spec("stall-timeout", "Stall timeout", "Longest wait for data of a medium, in ns",
                Settings{}.stall_timeout);
}

void make_sound_specs() {
  /**
   * RostrumTimelineSrc:gains:
   *
   * How loud the sound is over time: arrays of structures named "point" with the fields `at`
   * (guint64, ns on the timeline) and `gain` (double, factor of the amplitude).  Each array is a
   * curve, straight between its points and constant beyond them, in order of time; the curves are
   * multiplied with each other.  Each sample's gain depends on its time alone.
   */
  props[PROP_GAINS] = gst_param_spec_array(
      "gains", "Gains", "How loud the sound is over time, as arrays of points",
      gst_param_spec_array(
          "curve", "Curve", "Points, in order of time",
          g_param_spec_boxed("point", "Point", "at, gain", GST_TYPE_STRUCTURE, kMutableReady),
          kMutableReady),
      kMutableReady);
}

void make_behaviour_specs() {
  /**
   * RostrumTimelineSrc:gap:
   *
   * What is put out where no clip plays.
   */
  props[PROP_GAP] = g_param_spec_enum("gap", "Gap", "What is put out where no clip plays",
                                      enum_type("RostrumTimelineSrcGap", kGap),
                                      static_cast<int>(GapKind::fill), kMutableReady);
  /**
   * RostrumTimelineSrc:on-damage:
   *
   * What happens when a clip's medium is missing, damaged, too short or stalls.
   */
  props[PROP_ON_DAMAGE] =
      g_param_spec_enum("on-damage", "On damage", "What is done about media that cannot be played",
                        enum_type("RostrumTimelineSrcDamage", kDamage),
                        static_cast<int>(Damage::substitute), kMutableReady);
}

}  // namespace

void install_properties(GObjectClass* klass) {
  make_clips_spec();
  make_source_specs();
  make_time_specs();
  make_sound_specs();
  make_behaviour_specs();
  g_object_class_install_properties(klass, N_PROPS, props);
}

bool set_property(Settings& s, guint id, const GValue* value) {
  switch (id) {
  case PROP_CLIPS:
    set_clips(s, value);
    return true;
  case PROP_GAINS:
    set_gains(s, value);
    return true;
  case PROP_LOCATION:
    s.location = text_of(value);
    return true;
  case PROP_TRACK:
    s.track = text_of(value);
    return true;
  case PROP_MEDIA:
    s.media = static_cast<Media>(g_value_get_enum(value));
    return true;
  case PROP_START:
    s.start = time_of(value) == kNoTime ? Nanoseconds{0} : time_of(value);
    return true;
  case PROP_STOP:
    s.stop = time_of(value);
    return true;
  case PROP_FRAMERATE:
    s.framerate = {gst_value_get_fraction_numerator(value),
                   gst_value_get_fraction_denominator(value)};
    return true;
  case PROP_GAP:
    s.gap = static_cast<GapKind>(g_value_get_enum(value));
    return true;
  case PROP_ON_DAMAGE:
    s.on_damage = static_cast<Damage>(g_value_get_enum(value));
    return true;
  case PROP_STALL_TIMEOUT:
    s.stall_timeout = stall_timeout_of(value);
    return true;
  default:
    return false;
  }
}

bool get_property(const Settings& s, guint id, GValue* value) {
  switch (id) {
  case PROP_CLIPS:
    clips_to_value(s.clips, value);
    return true;
  case PROP_GAINS:
    gains_to_value(s.gains, value);
    return true;
  case PROP_LOCATION:
    g_value_set_string(value, s.location.c_str());
    return true;
  case PROP_TRACK:
    g_value_set_string(value, s.track.c_str());
    return true;
  case PROP_MEDIA:
    g_value_set_enum(value, static_cast<int>(s.media));
    return true;
  case PROP_START:
    g_value_set_uint64(value, ns(s.start));
    return true;
  case PROP_STOP:
    g_value_set_uint64(value, ns(s.stop));
    return true;
  case PROP_FRAMERATE:
    gst_value_set_fraction(value, static_cast<int>(s.framerate.num),
                           static_cast<int>(s.framerate.den));
    return true;
  case PROP_GAP:
    g_value_set_enum(value, static_cast<int>(s.gap));
    return true;
  case PROP_ON_DAMAGE:
    g_value_set_enum(value, static_cast<int>(s.on_damage));
    return true;
  case PROP_STALL_TIMEOUT:
    g_value_set_uint64(value, ns(s.stall_timeout));
    return true;
  default:
    return false;
  }
}

}  // namespace rostrum::timelinesrc
