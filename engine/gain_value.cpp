// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/gain_value.h"

#include <string>

namespace rostrum {

namespace {

constexpr double kMostGain = 100;
constexpr guint64 kLongest = 3'601'000'000'000'000;  // 1000 h, and a ramp after it

Result<GainPoint> point_of(const GValue* value) {
  const GstStructure* s =
      GST_VALUE_HOLDS_STRUCTURE(value) ? gst_value_get_structure(value) : nullptr;
  guint64 at = 0;
  GainPoint point;
  if (!s || !gst_structure_get_uint64(s, "at", &at) || at > kLongest)
    return fail(Kind::usage, "'at' must be nanoseconds, written (guint64)N, at most 1000 h");
  if (!gst_structure_get_double(s, "gain", &point.gain) ||
      !(point.gain >= 0 && point.gain <= kMostGain))
    return fail(Kind::usage, "'gain' must be a factor from 0.0 to 100.0");
  point.at = Nanoseconds{static_cast<std::int64_t>(at)};
  return point;
}

}  // namespace

Result<std::vector<GainCurve>> gains_from_value(const GValue* array) {
  std::vector<GainCurve> gains;
  for (guint i = 0; i < gst_value_array_get_size(array); ++i) {
    const auto* list = gst_value_array_get_value(array, i);
    auto& curve = gains.emplace_back();
    if (!GST_VALUE_HOLDS_ARRAY(list))
      return fail(Kind::usage, "gains[" + std::to_string(i) + "]: an array of points is expected");
    for (guint k = 0; k < gst_value_array_get_size(list); ++k) {
      auto point = point_of(gst_value_array_get_value(list, k));
      if (point && !curve.empty() && point->at < curve.back().at)
        point = fail(Kind::usage, "'at' must not be before that of the point before");
      if (!point)
        return fail(Kind::usage, "gains[" + std::to_string(i) + "][" + std::to_string(k) +
                                     "]: " + point.error().message);
      curve.push_back(*point);
    }
  }
  return gains;
}

void gains_to_value(const std::vector<GainCurve>& gains, GValue* array) {
  for (const auto& curve : gains) {
    GValue list = G_VALUE_INIT;
    g_value_init(&list, GST_TYPE_ARRAY);
    for (const auto& point : curve) {
      GValue value = G_VALUE_INIT;
      g_value_init(&value, GST_TYPE_STRUCTURE);
      g_value_take_boxed(&value, gst_structure_new("point", "at", G_TYPE_UINT64,
                                                   static_cast<guint64>(point.at.count()), "gain",
                                                   G_TYPE_DOUBLE, point.gain, nullptr));
      gst_value_array_append_and_take_value(&list, &value);
    }
    gst_value_array_append_and_take_value(array, &list);
  }
}

}  // namespace rostrum
