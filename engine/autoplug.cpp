// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/autoplug.h"

#include "core/media_elements.h"
#include "engine/decoder_times.h"
#include "lib/gst_ptr.h"

#include <cstring>

namespace rostrum {

namespace {

// GstAutoplugSelectResult is not in a public header; the values are part of decodebin's ABI.
enum AutoplugSelect { kTry = 0, kExpose = 1, kSkip = 2 };

bool has(const char* klass, const char* word) { return klass && std::strstr(klass, word); }

// What the signal's handler is told.
constexpr int kLive = 1 << 8;

bool allowed(GstElementFactory* factory, bool live) {
  const char* name = gst_plugin_feature_get_name(GST_PLUGIN_FEATURE(factory));
  return may_open_media(name) || (live && may_unpack_stream(name));
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
int select(GstElement*, GstPad*, GstCaps* caps, GstElementFactory* factory, gpointer data) {
  const int how = GPOINTER_TO_INT(data);
  const auto wanted = static_cast<Wanted>(how & ~kLive);
  if (!allowed(factory, how & kLive)) return kSkip;
  const char* klass = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS);
  const bool elementary = has(klass, "Decoder") || has(klass, "Parser");
  if (elementary && !is_wanted(caps, wanted)) return kExpose;
  return kTry;
}

// A stream that starts late announces a gap before its first packet.  Decoders of 1.22 then
// negotiate without having seen a picture's size, and the stream is lost.
GstPadProbeReturn drop_leading_gap(GstPad*, GstPadProbeInfo* info, gpointer) {
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) return GST_PAD_PROBE_REMOVE;
  const bool gap = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_GAP;
  return gap ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

void prepare_decoder(GstElement* element) {
  const char* klass = gst_element_get_metadata(element, GST_ELEMENT_METADATA_KLASS);
  const auto sink = adopt(gst_element_get_static_pad(element, "sink"));
  if (!sink || !has(klass, "Decoder") || GST_IS_BIN(element)) return;
  gst_pad_add_probe(
      sink.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      drop_leading_gap, nullptr, nullptr);
  correct_times(element);
}

void on_element(GstBin*, GstBin*, GstElement* element, gpointer) {
  prepare_decoder(element);
  auto* object_class = G_OBJECT_GET_CLASS(element);
  for (const char* name : {"max-threads", "threads"}) {
    const auto* spec = g_object_class_find_property(object_class, name);
    if (spec && spec->value_type == G_TYPE_INT) g_object_set(element, name, 1, nullptr);
    if (spec && spec->value_type == G_TYPE_UINT) g_object_set(element, name, 1U, nullptr);
  }
}

void restrict_plugging(GstElement* decodebin, int how) {
  g_signal_connect(decodebin, "autoplug-select", G_CALLBACK(select), GINT_TO_POINTER(how));
  g_signal_connect(decodebin, "deep-element-added", G_CALLBACK(on_element), nullptr);
}

}  // namespace

void restrict_autoplug(GstElement* decodebin, Wanted wanted) {
  restrict_plugging(decodebin, static_cast<int>(wanted));
}

void restrict_live_autoplug(GstElement* uridecodebin, Wanted wanted) {
  restrict_plugging(uridecodebin, static_cast<int>(wanted) | kLive);
}

}  // namespace rostrum
