// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/graph_sources.h"

#include "engine/elements.h"
#include "engine/gain_value.h"
#include "engine/voice_filters.h"

namespace rostrum {

namespace {

guint64 ns(Nanoseconds t) { return static_cast<guint64>(t.count()); }

std::string path_of(const GraphInput& input, const std::string& asset) {
  const auto found = input.paths.find(asset);
  return found == input.paths.end() ? name_without_file(asset) : found->second;
}

GstStructure* describe(const char* name, const GraphInput& input, const Piece& piece) {
  auto* s = gst_structure_new(name, "start", G_TYPE_UINT64, ns(piece.start), "duration",
                              G_TYPE_UINT64, ns(piece.duration), "width", G_TYPE_INT,
                              piece.size.width, "height", G_TYPE_INT, piece.size.height, nullptr);
  if (piece.color) {
    gst_structure_set(s, "color", G_TYPE_UINT, *piece.color, nullptr);
    return s;
  }
  if (piece.fit != Fit::contain)
    gst_structure_set(s, "fit", G_TYPE_STRING, name_of(piece.fit), nullptr);
  gst_structure_set(s, "asset", G_TYPE_STRING, piece.asset.c_str(), "location", G_TYPE_STRING,
                    path_of(input, piece.asset).c_str(), nullptr);
  return s;
}

void append(GValue* list, GstStructure* taken) {
  GValue item = G_VALUE_INIT;
  g_value_init(&item, GST_TYPE_STRUCTURE);
  g_value_take_boxed(&item, taken);
  gst_value_array_append_and_take_value(list, &item);
}

template <typename Describe>
void set_pieces(GstElement* element, const char* property, const std::vector<Piece>& pieces,
                Describe describe) {
  GValue list = G_VALUE_INIT;
  g_value_init(&list, GST_TYPE_ARRAY);
  for (const auto& piece : pieces) append(&list, describe(piece));
  g_object_set_property(G_OBJECT(element), property, &list);
  g_value_unset(&list);
}

void set_gains(GstElement* element, const std::vector<GainCurve>& gains) {
  GValue list = G_VALUE_INIT;
  g_value_init(&list, GST_TYPE_ARRAY);
  gains_to_value(gains, &list);
  g_object_set_property(G_OBJECT(element), "gains", &list);
  g_value_unset(&list);
}

void set_span(GstElement* element, const GraphInput& input, Interval span) {
  const auto rate = input.slice.grid.rate();
  g_object_set(element, "start", ns(span.from), "stop", ns(span.to), "framerate",
               static_cast<gint>(rate.num), static_cast<gint>(rate.den), nullptr);
  gst_util_set_object_arg(G_OBJECT(element), "gap", "event");
  gst_util_set_object_arg(G_OBJECT(element), "on-damage",
                          input.on_damage == OnDamage::fail ? "fail" : "substitute");
}

Interval picture_span(const Slice& slice) {
  return {slice.grid.start(slice.frames.first), slice.grid.start(slice.frames.end)};
}

}  // namespace

std::string name_without_file(const std::string& asset) { return "/dev/null/" + asset; }

Result<GstElement*> add_camera(GstElement* bin, const GraphInput& input, const Slot& slot) {
  const auto element = add_element(bin, "timelinesrc");
  if (!element) return element;
  set_span(*element, input, picture_span(input.slice));
  g_object_set(*element, "stall-timeout", ns(input.options.stall_timeout), nullptr);
  const guint64 hold = slot.screen ? G_MAXUINT64 : 2 * GST_SECOND;
  set_pieces(*element, "clips", slot.pieces, [&](const Piece& piece) {
    auto* s = describe("clip", input, piece);
    gst_structure_set(s, "in", G_TYPE_UINT64, ns(piece.in), "hold", G_TYPE_UINT64, hold, nullptr);
    if (piece.colors != Colors::own)
      gst_structure_set(s, "colors", G_TYPE_STRING, name_of(piece.colors), nullptr);
    return s;
  });
  return element;
}

Result<GstElement*> add_slides(GstElement* bin, const GraphInput& input, const Slot& slot) {
  const auto element = add_element(bin, "slidesrc");
  if (!element) return element;
  set_span(*element, input, picture_span(input.slice));
  gst_util_set_object_arg(G_OBJECT(*element), "mode", "change");
  set_pieces(*element, "slides", slot.pieces, [&](const Piece& piece) {
    auto* s = describe("slide", input, piece);
    gst_structure_set(s, "page", G_TYPE_INT, piece.page, nullptr);
    return s;
  });
  return element;
}

Result<GstElement*> add_voice(GstElement* bin, const GraphInput& input, const Voice& voice) {
  const auto element = add_element(bin, "timelinesrc");
  if (!element) return element;
  const bool filtered = !voice.filter.none();
  set_span(*element, input, filtered ? voice.played : input.slice.mixed);
  gst_util_set_object_arg(G_OBJECT(*element), "media", "audio");
  g_object_set(*element, "stall-timeout", ns(input.options.stall_timeout), nullptr);
  // Not GAP events: aggregators queue those without end, so that all voices would open their first
  // medium at once.  Nothing is added up of a buffer that is a gap.
  gst_util_set_object_arg(G_OBJECT(*element), "gap", "fill");
  set_pieces(*element, "clips", voice.pieces, [&](const Piece& piece) {
    auto* s = describe("clip", input, piece);
    gst_structure_set(s, "in", G_TYPE_UINT64, ns(piece.in), "volume", G_TYPE_DOUBLE, piece.volume,
                      "pan", G_TYPE_DOUBLE, piece.pan, nullptr);
    if (!piece.clock.own())
      gst_structure_set(s, "clock", G_TYPE_DOUBLE, piece.clock.factor(), "times-right",
                        G_TYPE_BOOLEAN, piece.clock.times_right, nullptr);
    return s;
  });
  if (filtered) return add_filters(bin, *element, voice, input.slice);
  if (!voice.gains.empty()) set_gains(*element, voice.gains);
  return element;
}

}  // namespace rostrum
