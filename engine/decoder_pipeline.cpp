// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/decoder_pipeline.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace rostrum {

namespace {

bool any_element(GstElement* pipeline, bool (*is_so)(GstElement*)) {
  struct Search {
    bool (*is_so)(GstElement*);
    bool found = false;
  } search{is_so};
  auto* all = gst_bin_iterate_recurse(GST_BIN(pipeline));
  const auto look = [](const GValue* value, gpointer data) {
    auto* s = static_cast<Search*>(data);
    s->found = s->found || s->is_so(GST_ELEMENT(g_value_get_object(value)));
  };
  while (gst_iterator_foreach(all, look, &search) == GST_ITERATOR_RESYNC) gst_iterator_resync(all);
  gst_iterator_free(all);
  return search.found;
}

bool has_task(GstElement* element) {
  bool running = false;
  gst_element_foreach_pad(
      element,
      [](GstElement*, GstPad* pad, gpointer d) -> gboolean {
        if (gst_pad_get_task_state(pad) == GST_TASK_STARTED) *static_cast<bool*>(d) = true;
        return TRUE;
      },
      &running);
  return running;
}

template <std::size_t N>
bool is_any_of(GstElement* element, const std::string_view (&names)[N]) {
  const auto* factory = gst_element_get_factory(element);
  return factory &&
         std::find(std::begin(names), std::end(names), GST_OBJECT_NAME(factory)) != std::end(names);
}

bool reads_bare_samples(GstElement* element) {
  constexpr std::string_view kNames[] = {"wavparse", "aiffparse", "auparse", "rawaudioparse"};
  return is_any_of(element, kNames);
}

bool decodes_vorbis(GstElement* element) {
  constexpr std::string_view kNames[] = {"vorbisdec", "avdec_vorbis"};
  return is_any_of(element, kNames);
}

bool is_demuxer(GstElement* element) {
  const auto* kind = gst_element_get_metadata(element, GST_ELEMENT_METADATA_KLASS);
  return kind && std::string_view{kind}.find("Demux") != std::string_view::npos;
}

}  // namespace

bool has_running_task(GstElement* pipeline) { return any_element(pipeline, has_task); }

bool cuts_packets(GstElement* pipeline) { return any_element(pipeline, reads_bare_samples); }

bool has_demuxer(GstElement* pipeline) { return any_element(pipeline, is_demuxer); }

bool packets_vary(GstElement* pipeline) { return any_element(pipeline, decodes_vorbis); }

}  // namespace rostrum
