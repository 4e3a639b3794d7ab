// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/elements.h"

namespace rostrum {

Result<GstElement*> add_element(GstElement* bin, const char* factory, const char* name) {
  auto* element = gst_element_factory_make(factory, name);
  if (!element)
    return fail(Kind::missing_component,
                std::string{"the GStreamer element "} + factory +
                    " is missing; `rostrum doctor` says which package brings it");
  gst_bin_add(GST_BIN(bin), element);
  return element;
}

Result<GstElement*> add_description(GstElement* bin, const std::string& description,
                                    const char* name) {
  GError* raw = nullptr;
  auto* made = gst_parse_bin_from_description_full(description.c_str(), TRUE, nullptr,
                                                   GST_PARSE_FLAG_FATAL_ERRORS, &raw);
  const GErrorPtr error{raw};
  if (!made)
    return fail(Kind::missing_component,
                std::string{error ? error->message : "unknown error"} +
                    "; `rostrum doctor` says which package brings what is missing");
  gst_object_set_name(GST_OBJECT(made), name);
  gst_bin_add(GST_BIN(bin), made);
  return made;
}

Result<void> link(GstElement* source, const char* source_pad, GstElement* sink,
                  const char* sink_pad) {
  if (gst_element_link_pads(source, source_pad, sink, sink_pad)) return {};
  return fail(Kind::internal, std::string{"cannot link "} + GST_OBJECT_NAME(source) + " to " +
                                  GST_OBJECT_NAME(sink));
}

Result<void> expose_source(GstElement* bin, GstElement* element) {
  const auto pad = adopt(gst_element_get_static_pad(element, "src"));
  if (pad && gst_element_add_pad(bin, gst_ghost_pad_new("src", pad.get()))) return {};
  return fail(Kind::internal, std::string{"cannot expose "} + GST_OBJECT_NAME(element));
}

}  // namespace rostrum
