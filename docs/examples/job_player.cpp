// SPDX-License-Identifier: LGPL-2.1-or-later
// Plays a job from a place on, and follows its file: job_player JOB.json [SECONDS [VIDEO-SINK AUDIO-SINK]]
//   c++ -std=c++20 job_player.cpp -o job_player $(pkg-config --cflags --libs gstreamer-1.0)
#include <gst/gst.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

GMainLoop* loop;

void say_problems(const GstStructure* said) {
  const GValue* problems = gst_structure_get_value(said, "problems");
  for (guint i = 0; i < gst_value_array_get_size(problems); ++i) {
    const auto* problem = gst_value_get_structure(gst_value_array_get_value(problems, i));
    std::printf("%s: %s\n", gst_structure_get_string(problem, "pointer"),
                gst_structure_get_string(problem, "message"));
  }
}

gboolean on_message(GstBus*, GstMessage* message, gpointer player) {
  GError* error = nullptr;
  switch (GST_MESSAGE_TYPE(message)) {
  case GST_MESSAGE_ERROR:
    gst_message_parse_error(message, &error, nullptr);
    std::fprintf(stderr, "%s\n", error->message);
    std::exit(1);
  case GST_MESSAGE_EOS:
    g_main_loop_quit(loop);
    break;
  case GST_MESSAGE_ELEMENT:
    if (gst_message_has_name(message, "rostrum-job-invalid"))
      say_problems(gst_message_get_structure(message));
    break;
  case GST_MESSAGE_ASYNC_DONE: {
    gint64 position = 0;
    if (gst_element_query_position(GST_ELEMENT(player), GST_FORMAT_TIME, &position))
      std::printf("at %" GST_TIME_FORMAT "\n", GST_TIME_ARGS(position));
    break;
  }
  default:
    break;
  }
  return G_SOURCE_CONTINUE;
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc < 2) return std::fprintf(stderr, "usage: job_player JOB.json [SECONDS [SINKS]]\n"), 2;
  const std::string uri = "rostrum:" + std::string{argv[1]} + "?at=" + (argc > 2 ? argv[2] : "0");
  GstElement* player = gst_element_factory_make("playbin3", nullptr);
  g_object_set(player, "uri", uri.c_str(), nullptr);
  for (int i = 3; i < argc && i < 5; ++i)
    g_object_set(player, i == 3 ? "video-sink" : "audio-sink",
                 gst_element_factory_make(argv[i], nullptr), nullptr);
  GstBus* bus = gst_element_get_bus(player);
  gst_bus_add_watch(bus, on_message, player);
  loop = g_main_loop_new(nullptr, FALSE);
  gst_element_set_state(player, GST_STATE_PLAYING);
  g_main_loop_run(loop);
  gst_element_set_state(player, GST_STATE_NULL);
  gst_bus_remove_watch(bus);
  gst_object_unref(bus);
  gst_object_unref(player);
  g_main_loop_unref(loop);
}
