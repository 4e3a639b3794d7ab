// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/autoplug.h"

#include "lib/gst_ptr.h"

#include <array>
#include <cstring>
#include <string_view>

namespace rostrum {

namespace {

// GstAutoplugSelectResult is not in a public header; the values are part of decodebin's ABI.
enum AutoplugSelect { kTry = 0, kExpose = 1, kSkip = 2 };

// Demuxers that follow references to other files or URLs.
constexpr std::array<std::string_view, 8> kReferring = {"hlsdemux",   "hlsdemux2",   "dashdemux",
                                                        "dashdemux2", "mssdemux",    "mssdemux2",
                                                        "sdpdemux",   "uridecodebin"};

bool has(const char* klass, const char* word) { return klass && std::strstr(klass, word); }

bool allowed(GstElementFactory* factory) {
  const char* klass = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS);
  const std::string_view name = gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(factory));
  for (const auto referring : kReferring)
    if (name == referring) return false;
  if (has(klass, "Hardware") || has(klass, "Source") || has(klass, "Network")) return false;
  return has(klass, "Demux") || has(klass, "Parse") || has(klass, "Decoder");
}

bool is_wanted(GstCaps* caps, Wanted wanted) {
  const char* name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  const bool video = g_str_has_prefix(name, "video/") || g_str_has_prefix(name, "image/");
  const bool audio = g_str_has_prefix(name, "audio/");
  switch (wanted) {
  case Wanted::video:
    return video || !audio;
  case Wanted::audio:
    return audio || !video;
  case Wanted::any:
    break;
  }
  return true;
}

// A demuxer's own media types ("video/quicktime", "audio/mpeg" with several layers) must still be
// opened whatever is wanted, so only elementary streams, which a decoder would take, are turned
// away.
int select(GstElement*, GstPad*, GstCaps* caps, GstElementFactory* factory, gpointer wanted) {
  if (!allowed(factory)) return kSkip;
  const char* klass = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS);
  const bool elementary = has(klass, "Decoder") || has(klass, "Parser");
  if (elementary && !is_wanted(caps, static_cast<Wanted>(GPOINTER_TO_INT(wanted)))) return kExpose;
  return kTry;
}

void one_thread(GstBin*, GstBin*, GstElement* element, gpointer) {
  auto* object_class = G_OBJECT_GET_CLASS(element);
  for (const char* name : {"max-threads", "threads"}) {
    const auto* spec = g_object_class_find_property(object_class, name);
    if (spec && spec->value_type == G_TYPE_INT) g_object_set(element, name, 1, nullptr);
    if (spec && spec->value_type == G_TYPE_UINT) g_object_set(element, name, 1U, nullptr);
  }
}

}  // namespace

void restrict_autoplug(GstElement* decodebin, Wanted wanted) {
  g_signal_connect(decodebin, "autoplug-select", G_CALLBACK(select),
                   GINT_TO_POINTER(static_cast<int>(wanted)));
  g_signal_connect(decodebin, "deep-element-added", G_CALLBACK(one_thread), nullptr);
}

}  // namespace rostrum
