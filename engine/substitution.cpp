// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/substitution.h"

namespace rostrum {

namespace {

constexpr char kName[] = "rostrum-substitution";

std::string text_of(const GstStructure* s, const char* field) {
  const char* text = gst_structure_get_string(s, field);
  return text ? text : "";
}

}  // namespace

void post_substitution(GstElement* element, const Substitution& s, const char* location) {
  auto* structure = gst_structure_new(
      kName, "asset", G_TYPE_STRING, s.asset.c_str(), "location", G_TYPE_STRING, location, "what",
      G_TYPE_STRING, s.what.c_str(), "why", G_TYPE_STRING, s.why.c_str(), "from", G_TYPE_UINT64,
      static_cast<guint64>(s.when.from.count()), "to", G_TYPE_UINT64,
      static_cast<guint64>(s.when.to.count()), nullptr);
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), structure));
  GST_ELEMENT_WARNING(element, STREAM, DECODE, ("%s: %s.", location, s.why.c_str()),
                      ("%s, substituted from %s to %s", s.what.c_str(),
                       format_time(s.when.from).c_str(), format_time(s.when.to).c_str()));
}

std::optional<Substitution> read_substitution(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ELEMENT) return {};
  const GstStructure* s = gst_message_get_structure(message);
  if (!s || !gst_structure_has_name(s, kName)) return {};
  guint64 from = 0;
  guint64 to = 0;
  gst_structure_get_uint64(s, "from", &from);
  gst_structure_get_uint64(s, "to", &to);
  return Substitution{.asset = text_of(s, "asset"),
                      .pointer = {},
                      .what = text_of(s, "what"),
                      .when = {Nanoseconds{static_cast<std::int64_t>(from)},
                               Nanoseconds{static_cast<std::int64_t>(to)}},
                      .why = text_of(s, "why")};
}

}  // namespace rostrum
