// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timelinesrc/clip_list.h"

#include "lib/gst_ptr.h"

#include <array>
#include <optional>
#include <string_view>

namespace rostrum {

namespace {

constexpr std::array<std::string_view, 14> kFields = {
    "location", "asset", "start",  "in",  "duration", "width",       "height",
    "fit",      "hold",  "volume", "pan", "clock",    "times-right", "colors"};

constexpr double kMostVolume = 1e6;  // 120 dB: of a track, its clip and the programme

std::optional<std::uint64_t> unsigned_of(std::int64_t v) {
  return v < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(v)};
}

// A plain number in a launch line is an int, which GStreamer wraps silently from 2^31 on (2.1 s),
// so no int but 0 can be trusted to be the time that was written.
std::optional<std::uint64_t> time_field(const GstStructure* s, const char* field) {
  const GValue* value = gst_structure_get_value(s, field);
  if (!value) return {};
  if (G_VALUE_HOLDS_UINT64(value)) return g_value_get_uint64(value);
  if (G_VALUE_HOLDS_INT64(value)) return unsigned_of(g_value_get_int64(value));
  if (G_VALUE_HOLDS_INT(value) && g_value_get_int(value) == 0) return 0;
  return {};
}

std::optional<std::uint64_t> pixels(const GstStructure* s, const char* field) {
  int value = 0;
  return gst_structure_get_int(s, field, &value) ? unsigned_of(value) : std::nullopt;
}

std::string sound_problem(const GstStructure* s) {
  double value = 0;
  const auto bad = [&](const char* field, double least, double most) {
    return gst_structure_has_field(s, field) &&
           !(gst_structure_get_double(s, field, &value) && value >= least && value <= most);
  };
  if (bad("volume", 0, kMostVolume)) return "'volume' must be a factor from 0.0 to 1000000.0";
  if (bad("pan", -1, 1)) return "'pan' must be a number from -1.0 to 1.0";
  if (bad("clock", 0.9, 1.1)) return "'clock' must be a factor from 0.9 to 1.1";
  if (gst_structure_has_field(s, "times-right") &&
      !gst_structure_has_field_typed(s, "times-right", G_TYPE_BOOLEAN))
    return "'times-right' must be true or false";
  return "";
}

SoundClock clock_of(const GstStructure* s) {
  SoundClock clock;
  double factor = 1;
  gboolean times_right = FALSE;
  if (gst_structure_get_double(s, "clock", &factor)) clock.off = SoundClock::off_of(factor);
  if (gst_structure_get_boolean(s, "times-right", &times_right)) clock.times_right = times_right;
  return clock;
}

// The first thing wrong with a structure; "" = nothing.
std::string problem(const GstStructure* s) {
  for (int i = 0; i < gst_structure_n_fields(s); ++i) {
    const char* name = gst_structure_nth_field_name(s, static_cast<guint>(i));
    bool known = false;
    for (const auto field : kFields) known = known || field == name;
    if (!known) return std::string{"unknown field '"} + name + "'";
  }
  const char* location = gst_structure_get_string(s, "location");
  if (!location || !*location) return "'location' must be the path of a file";
  if (gst_structure_has_field(s, "asset") && !gst_structure_get_string(s, "asset"))
    return "'asset' must be a string";
  constexpr std::uint64_t kLongest = 3'600'000'000'000'000;  // 1000 h, as everywhere
  for (const char* field : {"start", "in", "duration"}) {
    const auto value = time_field(s, field);
    const bool optional = std::string_view{field} == "in" && !gst_structure_has_field(s, field);
    if (!optional && (!value || *value > kLongest))
      return std::string{"'"} + field + "' must be nanoseconds, written (guint64)N, at most 1000 h";
  }
  for (const char* field : {"width", "height"})
    if (gst_structure_has_field(s, field) && pixels(s, field).value_or(1 << 20) > 16384)
      return std::string{"'"} + field + "' must be pixels from 0 to 16384";
  const char* how = gst_structure_get_string(s, "fit");
  if (gst_structure_has_field(s, "fit") && (!how || !fit_named(how)))
    return "'fit' must be \"contain\", \"cover\" or \"stretch\"";
  const char* colors = gst_structure_get_string(s, "colors");
  if (gst_structure_has_field(s, "colors") && (!colors || !colors_named(colors)))
    return "'colors' must be \"bt601\" or \"bt709\"";
  if (gst_structure_has_field(s, "hold") && !time_field(s, "hold"))
    return "'hold' must be nanoseconds, written (guint64)N";
  return sound_problem(s);
}

Nanoseconds time_of(const GstStructure* s, const char* field) {
  return Nanoseconds{static_cast<std::int64_t>(time_field(s, field).value_or(0))};
}

TimelineClip clip_of(const GstStructure* s) {
  TimelineClip clip;
  clip.location = gst_structure_get_string(s, "location");
  const char* asset = gst_structure_get_string(s, "asset");
  clip.asset = asset ? asset : "";
  clip.start = time_of(s, "start");
  clip.in = time_of(s, "in");
  clip.duration = time_of(s, "duration");
  const auto width = static_cast<int>(pixels(s, "width").value_or(0)) / 2 * 2;
  const auto height = static_cast<int>(pixels(s, "height").value_or(0)) / 2 * 2;
  if (width > 0 && height > 0) clip.size = {width, height};
  if (const char* how = gst_structure_get_string(s, "fit"))
    clip.fit = fit_named(how).value_or(Fit::contain);
  if (const char* colors = gst_structure_get_string(s, "colors"))
    clip.colors = colors_named(colors).value_or(Colors::own);
  gst_structure_get_double(s, "volume", &clip.volume);
  gst_structure_get_double(s, "pan", &clip.pan);
  clip.clock = clock_of(s);
  const auto hold = time_field(s, "hold");
  if (hold)
    clip.hold = *hold > static_cast<std::uint64_t>(kUntilNext.count())
                    ? kUntilNext
                    : Nanoseconds{static_cast<std::int64_t>(*hold)};
  return clip;
}

guint64 ns(Nanoseconds t) { return static_cast<guint64>(t.count()); }

}  // namespace

Result<std::vector<TimelineClip>> clips_from_value(const GValue* array) {
  std::vector<TimelineClip> clips;
  for (guint i = 0; i < gst_value_array_get_size(array); ++i) {
    const GValue* value = gst_value_array_get_value(array, i);
    const auto where = "clips[" + std::to_string(i) + "]: ";
    const GstStructure* s =
        GST_VALUE_HOLDS_STRUCTURE(value) ? gst_value_get_structure(value) : nullptr;
    if (!s) return fail(Kind::usage, where + "a GstStructure is expected");
    const auto wrong = problem(s);
    if (!wrong.empty()) return fail(Kind::usage, where + wrong);
    clips.push_back(clip_of(s));
  }
  return clips;
}

void clips_to_value(const std::vector<TimelineClip>& clips, GValue* array) {
  for (const auto& c : clips) {
    auto* s = gst_structure_new(
        "clip", "location", G_TYPE_STRING, c.location.c_str(), "asset", G_TYPE_STRING,
        c.asset.c_str(), "start", G_TYPE_UINT64, ns(c.start), "in", G_TYPE_UINT64, ns(c.in),
        "duration", G_TYPE_UINT64, ns(c.duration), "width", G_TYPE_INT, c.size.width, "height",
        G_TYPE_INT, c.size.height, "fit", G_TYPE_STRING, name_of(c.fit), "hold", G_TYPE_UINT64,
        c.hold == kUntilNext ? G_MAXUINT64 : ns(c.hold), "volume", G_TYPE_DOUBLE, c.volume, "pan",
        G_TYPE_DOUBLE, c.pan, "clock", G_TYPE_DOUBLE, c.clock.factor(), "times-right",
        G_TYPE_BOOLEAN, c.clock.times_right, nullptr);
    if (c.colors != Colors::own)
      gst_structure_set(s, "colors", G_TYPE_STRING, name_of(c.colors), nullptr);
    GValue value = G_VALUE_INIT;
    g_value_init(&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&value, s);
    gst_value_array_append_and_take_value(array, &value);
  }
}

}  // namespace rostrum
