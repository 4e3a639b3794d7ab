// SPDX-License-Identifier: LGPL-2.1-or-later
// Sinks for tests that write what they are given into the folder $RECORDER: the frames into
// `pictures`, those that are only shown while nothing plays into `still`, the samples into `sound`,
// and a line for each picture, title and end into `log`.  They wait for no clock, and fail once
// there is a file `broken`.
#include <gst/base/gstbasesink.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

struct Recorder {
  GstBaseSink parent;
};

struct RecorderClass {
  GstBaseSinkClass parent_class;
};

// NOLINTNEXTLINE(performance-no-int-to-ptr)
G_DEFINE_TYPE(Recorder, recorder, GST_TYPE_BASE_SINK)

static std::string path_of(const char* name) {
  const char* folder = std::getenv("RECORDER");
  return std::string{folder ? folder : "."} + "/" + name;
}

static void append(const char* name, const void* bytes, gsize size) {
  FILE* file = std::fopen(path_of(name).c_str(), "ab");
  if (!file) return;
  std::fwrite(bytes, 1, size, file);
  std::fclose(file);
}

static void note(const std::string& line) { append("log", (line + "\n").data(), line.size() + 1); }

static bool hears(gpointer self) {
  return G_TYPE_FROM_INSTANCE(self) == g_type_from_name("SoundRecorder");
}

static void write_buffer(const char* name, GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
  append(name, map.data, map.size);
  gst_buffer_unmap(buffer, &map);
}

static GstFlowReturn recorder_render(GstBaseSink* self, GstBuffer* buffer) {
  if (std::filesystem::exists(path_of("broken"))) {
    GST_ELEMENT_ERROR(self, RESOURCE, WRITE, ("The recorder is broken."), (nullptr));
    return GST_FLOW_ERROR;
  }
  write_buffer(hears(self) ? "sound" : "pictures", buffer);
  if (!hears(self)) note("picture");
  return GST_FLOW_OK;
}

static GstFlowReturn recorder_preroll(GstBaseSink* self, GstBuffer* buffer) {
  if (hears(self)) return GST_FLOW_OK;
  write_buffer("still", buffer);
  note("still");
  return GST_FLOW_OK;
}

static gboolean recorder_event(GstBaseSink* self, GstEvent* event) {
  GstTagList* tags = nullptr;
  gchar* title = nullptr;
  if (GST_EVENT_TYPE(event) == GST_EVENT_TAG) {
    gst_event_parse_tag(event, &tags);
    if (gst_tag_list_get_string(tags, GST_TAG_TITLE, &title)) note(std::string{"title "} + title);
    g_free(title);
  }
  return GST_BASE_SINK_CLASS(recorder_parent_class)->event(self, event);
}

static void recorder_init(Recorder* self) { gst_base_sink_set_sync(GST_BASE_SINK(self), FALSE); }

static void recorder_class_init(RecorderClass* klass) {
  auto* sink = GST_BASE_SINK_CLASS(klass);
  sink->render = recorder_render;
  sink->preroll = recorder_preroll;
  sink->event = recorder_event;
  gst_element_class_set_static_metadata(GST_ELEMENT_CLASS(klass), "Recorder", "Sink",
                                        "Writes what it is given", "The authors");
}

using PictureRecorder = Recorder;
using PictureRecorderClass = RecorderClass;
using SoundRecorder = Recorder;
using SoundRecorderClass = RecorderClass;

static void add_template(gpointer klass, const char* caps) {
  auto* template_caps = gst_caps_from_string(caps);
  gst_element_class_add_pad_template(
      GST_ELEMENT_CLASS(klass),
      gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, template_caps));
  gst_caps_unref(template_caps);
}

// NOLINTNEXTLINE(performance-no-int-to-ptr)
G_DEFINE_TYPE(PictureRecorder, picture_recorder, recorder_get_type())
static void picture_recorder_init(PictureRecorder*) {}
static void picture_recorder_class_init(PictureRecorderClass* klass) {
  add_template(klass, "video/x-raw,format=I420");
}

// NOLINTNEXTLINE(performance-no-int-to-ptr)
G_DEFINE_TYPE(SoundRecorder, sound_recorder, recorder_get_type())
static void sound_recorder_init(SoundRecorder*) {}
static void sound_recorder_class_init(SoundRecorderClass* klass) {
  add_template(klass, "audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=2");
}

static gboolean plugin_init(GstPlugin* plugin) {
  return gst_element_register(plugin, "picturerecorder", GST_RANK_NONE,
                              picture_recorder_get_type()) &&
         gst_element_register(plugin, "soundrecorder", GST_RANK_NONE, sound_recorder_get_type());
}

#define PACKAGE "recorder"
GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, recorder, "Sinks that write into files",
                  plugin_init, "1", "LGPL", "recorder", "https://gstreamer.freedesktop.org")
