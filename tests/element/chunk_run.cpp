// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chunk_run.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace rostrum::test {

namespace {

constexpr GstClockTime kTimeout = 30 * GST_SECOND;

ChunkRecord chunk_of(const GstStructure* s) {
  guint index = 0;
  guint64 first = 0;
  guint64 duration = 0;
  guint64 frames = 0;
  guint64 bytes = 0;
  EXPECT_TRUE(gst_structure_get(s, "index", G_TYPE_UINT, &index, "first-time", G_TYPE_UINT64,
                                &first, "duration", G_TYPE_UINT64, &duration, "frames",
                                G_TYPE_UINT64, &frames, "bytes", G_TYPE_UINT64, &bytes, nullptr));
  return {index,
          gst_structure_get_string(s, "location"),
          Nanoseconds{static_cast<std::int64_t>(first)},
          Nanoseconds{static_cast<std::int64_t>(duration)},
          frames,
          bytes};
}

void take_error(GstMessage* message, Run& run) {
  GError* error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  run.error = error->message;
  g_error_free(error);
  auto* factory = gst_element_get_factory(GST_ELEMENT(GST_MESSAGE_SRC(message)));
  run.error_source = factory ? GST_OBJECT_NAME(factory) : "";
}

// Every buffer of an appsink named "out".
void each_sample(const std::string& line, const std::function<void(GstSample*)>& visit) {
  const auto pipeline = launch(line);
  const auto out = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  auto* sink = GST_APP_SINK(out.get());
  while (const auto sample = adopt(gst_app_sink_try_pull_sample(sink, kTimeout)))
    visit(sample.get());
  EXPECT_TRUE(gst_app_sink_is_eos(sink)) << line;
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  const GCharPtr path{g_dir_make_tmp("chunksink-XXXXXX", nullptr)};
  path_ = path.get();
}

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    if (entry.path().extension() != ".journal") found.push_back(entry.path().filename());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<ChunkRecord> TemporaryFolder::journal(const std::string& location) const {
  std::ifstream file{path_ / (location + ".journal")};
  std::stringstream text;
  text << file.rdbuf();
  const auto journal = read_journal(text.str());
  EXPECT_EQ(journal.bytes, text.str().size());
  return journal.records;
}

GstPtr<GstElement> launch(const std::string& line) {
  GError* error = nullptr;
  auto pipeline = retain(gst_parse_launch(line.c_str(), &error));
  EXPECT_FALSE(error) << error->message;
  return pipeline;
}

Run play(GstElement* pipeline, const std::function<bool(const ChunkRecord&)>& go_on) {
  Run run;
  const auto bus = adopt(gst_element_get_bus(pipeline));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const auto types =
      static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
  for (;;) {
    const auto message = adopt(gst_bus_timed_pop_filtered(bus.get(), kTimeout, types));
    if (!message) {
      ADD_FAILURE() << "nothing happens";
      return run;
    }
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) {
      take_error(message.get(), run);
      return run;
    }
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) {
      run.eos = true;
      return run;
    }
    const auto* s = gst_message_get_structure(message.get());
    if (!gst_structure_has_name(s, "rostrum-chunk")) continue;
    run.chunks.push_back(chunk_of(s));
    if (go_on && !go_on(run.chunks.back())) return run;
  }
}

Run play(const std::string& line) {
  const auto pipeline = launch(line);
  auto run = play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return run;
}

Pictures pictures(const std::string& line) {
  Pictures found;
  each_sample(line + " ! videoconvert ! video/x-raw,format=GRAY8 ! appsink name=out sync=false",
              [&](GstSample* sample) {
                GstMapInfo map;
                ASSERT_TRUE(gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ));
                const GCharPtr sum{g_compute_checksum_for_data(G_CHECKSUM_MD5, map.data, map.size)};
                found.emplace_back(sum.get());
                gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
              });
  return found;
}

Pictures pictures_of(const std::string& file) {
  return pictures("filesrc location=" + file + " ! parsebin ! avdec_h264 max-threads=1");
}

std::vector<GstClockTime> packets_of(const std::string& file, const char* pad) {
  std::vector<GstClockTime> found;
  each_sample(
      "filesrc location=" + file + " ! qtdemux name=d d." + pad + " ! appsink name=out sync=false",
      [&](GstSample* sample) {
        auto* buffer = gst_sample_get_buffer(sample);
        found.push_back(gst_segment_to_running_time(gst_sample_get_segment(sample), GST_FORMAT_TIME,
                                                    GST_BUFFER_PTS(buffer)));
      });
  return found;
}

}  // namespace rostrum::test
