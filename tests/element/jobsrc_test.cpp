// SPDX-License-Identifier: LGPL-2.1-or-later
// Pads, queries and seeks of a jobsrc.
#include "jobsrc_player.h"

#include <gst/video/video.h>

#include <atomic>
#include <random>
#include <vector>

namespace rostrum {
namespace {

using JobSrc = test::NumberedJob;
using test::JobPlayer;
using test::number_at;

constexpr Nanoseconds kFrame = 40ms;

// The streamed buffers of a sink's pad.
struct Flow {
  std::vector<GstClockTime> pts;
  std::atomic<std::int64_t> bytes{0};
  std::vector<GstEventType> events;
  GstSegment segment;
};

GstPadProbeReturn note(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto& flow = *static_cast<Flow*>(data);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) {
    auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    flow.pts.push_back(GST_BUFFER_PTS(buffer));
    flow.bytes += static_cast<std::int64_t>(gst_buffer_get_size(buffer));
  } else {
    auto* event = GST_PAD_PROBE_INFO_EVENT(info);
    flow.events.push_back(GST_EVENT_TYPE(event));
    if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) gst_event_copy_segment(event, &flow.segment);
    if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP) flow.pts.clear(), flow.bytes = 0;
  }
  return GST_PAD_PROBE_OK;
}

void watch(JobPlayer& player, const char* sink, Flow& flow) {
  const auto element = player.element(sink);
  const auto pad = adopt(gst_element_get_static_pad(element.get(), "sink"));
  gst_pad_add_probe(
      pad.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                   GST_PAD_PROBE_TYPE_EVENT_FLUSH),
      note, &flow, nullptr);
}

// A launch line would link only once.
void link_to_sink(GstElement*, GstPad* pad, gpointer pipeline) {
  const GCharPtr name{gst_pad_get_name(pad)};
  const char sink_name[] = {*name, '\0'};
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(pipeline), sink_name));
  const auto sink_pad = adopt(gst_element_get_static_pad(sink.get(), "sink"));
  EXPECT_EQ(gst_pad_link(pad, sink_pad.get()), GST_PAD_LINK_OK);
}

TEST_F(JobSrc, HasItsPadsWhileItIsOpen) {
  const auto pipeline =
      retain(gst_parse_launch((source() + " fakesink name=v fakesink name=a").c_str(), nullptr));
  const auto job = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "j"));
  g_signal_connect(job.get(), "pad-added", G_CALLBACK(link_to_sink), pipeline.get());
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(job->numpads, 0);
    gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
    ASSERT_EQ(gst_element_get_state(pipeline.get(), nullptr, nullptr, 20 * GST_SECOND),
              GST_STATE_CHANGE_SUCCESS);
    EXPECT_TRUE(adopt(gst_element_get_static_pad(job.get(), "video")));
    EXPECT_TRUE(adopt(gst_element_get_static_pad(job.get(), "audio")));
    gst_element_set_state(pipeline.get(), GST_STATE_READY);
    EXPECT_EQ(GST_BIN_NUMCHILDREN(job.get()), 0);
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_EQ(GST_OBJECT_REFCOUNT(job.get()), 2);  // this one, and the pipeline's
}

TEST_F(JobSrc, AnswersQueries) {
  JobPlayer player{source()};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  for (auto* asked : {player.pipeline(), player.element("j").get()}) {
    gint64 duration = 0;
    ASSERT_TRUE(gst_element_query_duration(asked, GST_FORMAT_TIME, &duration));
    EXPECT_EQ(duration, 4 * GST_SECOND);
    EXPECT_FALSE(gst_element_query_duration(asked, GST_FORMAT_BYTES, &duration));
    const auto seeking = adopt(gst_query_new_seeking(GST_FORMAT_TIME));
    ASSERT_TRUE(gst_element_query(asked, seeking.get()));
    gboolean seekable = FALSE;
    gint64 start = -1, end = -1;
    gst_query_parse_seeking(seeking.get(), nullptr, &seekable, &start, &end);
    EXPECT_TRUE(seekable);
    EXPECT_EQ(start, 0);
    EXPECT_EQ(end, 4 * GST_SECOND);
  }
  const auto latency = adopt(gst_query_new_latency());
  ASSERT_TRUE(gst_element_query(player.element("j").get(), latency.get()));
  gboolean live = TRUE;
  gst_query_parse_latency(latency.get(), &live, nullptr, nullptr);
  EXPECT_FALSE(live);
  ASSERT_TRUE(player.seek(1s));
  ASSERT_TRUE(player.settle());
  gint64 position = 0;
  ASSERT_TRUE(gst_element_query_position(player.element("j").get(), GST_FORMAT_TIME, &position));
  EXPECT_GE(position, 1 * GST_SECOND);
}

TEST_F(JobSrc, ShowsAndSoundsExactlyWhatWasSought) {
  JobPlayer player{source()};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  std::mt19937 random{8};
  for (int i = 0; i < 30; ++i) {
    const Nanoseconds to{static_cast<std::int64_t>(random() % 3'999'000'000U)};
    const auto wanted = (to + 1ms) / kFrame * kFrame;
    const bool key = i % 3 == 0;
    ASSERT_TRUE(player.seek(to, key ? GST_SEEK_FLAG_KEY_UNIT : GST_SEEK_FLAG_ACCURATE));
    ASSERT_TRUE(player.settle()) << to.count();
    EXPECT_EQ(player.number(), number_at(wanted)) << to.count();
    EXPECT_EQ(GST_BUFFER_PTS(player.shown().get()), static_cast<GstClockTime>(wanted.count()));
    const double heard = 48e-6 * static_cast<double>((key ? wanted : to).count());
    EXPECT_NEAR(static_cast<double>(player.sample()), heard, 1.01) << to.count();
  }
}

TEST_F(JobSrc, StopsWhereTheSeekSays) {
  JobPlayer player{source(), false};
  Flow video, audio;
  watch(player, "v", video);
  watch(player, "a", audio);
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  ASSERT_TRUE(
      gst_element_seek(player.pipeline(), 1, GST_FORMAT_TIME,
                       static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
                       GST_SEEK_TYPE_SET, 400 * GST_MSECOND, GST_SEEK_TYPE_SET, 800 * GST_MSECOND));
  ASSERT_TRUE(player.plays_to_end());
  ASSERT_EQ(video.pts.size(), 10U);
  EXPECT_EQ(video.pts.front(), 400 * GST_MSECOND);
  EXPECT_EQ(video.pts.back(), 760 * GST_MSECOND);
  EXPECT_EQ(audio.bytes, 19200 * 8);
}

TEST_F(JobSrc, PlaysFasterAndRefusesWhatItCannotDo) {
  JobPlayer player{source(), false};
  Flow video;
  watch(player, "v", video);
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  const auto seek = [&](double rate, int flags) {
    return gst_element_seek(player.pipeline(), rate, GST_FORMAT_TIME,
                            static_cast<GstSeekFlags>(flags), GST_SEEK_TYPE_SET, 0,
                            GST_SEEK_TYPE_NONE, -1);
  };
  EXPECT_FALSE(seek(-1, GST_SEEK_FLAG_FLUSH));
  EXPECT_FALSE(seek(1, GST_SEEK_FLAG_NONE));
  EXPECT_FALSE(seek(1, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT));
  EXPECT_EQ(player.number(), 0);
  ASSERT_TRUE(seek(2, GST_SEEK_FLAG_FLUSH));
  ASSERT_TRUE(player.plays_to_end());
  EXPECT_EQ(video.segment.rate, 2);
  EXPECT_EQ(video.pts.size(), 100U);
}

TEST_F(JobSrc, ASeekWithoutAStartStaysWhereItIs) {
  JobPlayer player{source(), false};
  Flow video;
  watch(player, "v", video);
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  ASSERT_TRUE(player.plays_to_end());
  player.go_to(GST_STATE_PAUSED);
  ASSERT_TRUE(
      gst_element_seek(player.pipeline(), 2, GST_FORMAT_TIME,
                       static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
                       GST_SEEK_TYPE_NONE, -1, GST_SEEK_TYPE_NONE, -1));
  ASSERT_TRUE(player.plays_to_end());
  EXPECT_EQ(video.segment.rate, 2);
  EXPECT_GE(video.segment.start, 3900 * GST_MSECOND);
}

TEST_F(JobSrc, SeeksAfterTheEnd) {
  JobPlayer player{source(), false};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  for (const auto to : {4s, 3s}) {  // the very end, too
    ASSERT_TRUE(player.seek(to));
    ASSERT_TRUE(player.plays_to_end());
  }
  player.go_to(GST_STATE_PAUSED);
  ASSERT_TRUE(player.seek(1s));
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.number(), 25);
}

TEST_F(JobSrc, SurvivesAHundredSeeksAtOnce) {
  JobPlayer player{source()};
  std::mt19937 random{1};
  for (const auto state : {GST_STATE_PAUSED, GST_STATE_PLAYING}) {
    ASSERT_EQ(player.go_to(state), GST_STATE_CHANGE_SUCCESS);
    for (int i = 0; i < 50; ++i)
      ASSERT_TRUE(player.seek(Nanoseconds{static_cast<std::int64_t>(random() % 3'999'000'000U)},
                              i % 2 ? GST_SEEK_FLAG_ACCURATE : GST_SEEK_FLAG_KEY_UNIT));
  }
  player.go_to(GST_STATE_PAUSED);
  ASSERT_TRUE(player.seek(3200ms));
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.number(), 55);
  EXPECT_TRUE(player.plays_to_end());
}

TEST_F(JobSrc, DropsWholeFramesThatComeTooLate) {
  JobPlayer player{source(), false};
  Flow video;
  watch(player, "v", video);
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  ASSERT_TRUE(player.seek(1s));
  ASSERT_TRUE(player.settle());
  const auto sink = player.element("v");
  const auto pad = adopt(gst_element_get_static_pad(sink.get(), "sink"));
  gst_pad_push_event(pad.get(), gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 2, GST_SECOND, 0));
  ASSERT_TRUE(player.plays_to_end());
  EXPECT_LT(video.pts.size(), 60U);  // of 75
  for (const auto pts : video.pts) EXPECT_EQ(pts % (40 * GST_MSECOND), 0U);
  EXPECT_EQ(video.pts.back(), 3960 * GST_MSECOND);
}

TEST_F(JobSrc, TellsOfDroppedFramesInTheFilmsTime) {
  JobPlayer player{source(), false};
  const auto note_time = [](GstBus*, GstMessage* message, gpointer times) {
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_QOS) return GST_BUS_PASS;
    guint64 running = 0, stream = 0, timestamp = 0;
    gst_message_parse_qos(message, nullptr, &running, &stream, &timestamp, nullptr);
    EXPECT_EQ(stream, timestamp);
    EXPECT_EQ(running + GST_SECOND, timestamp);
    static_cast<std::vector<guint64>*>(times)->push_back(timestamp);
    return GST_BUS_PASS;
  };
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  ASSERT_TRUE(player.seek(1s));
  ASSERT_TRUE(player.settle());
  std::vector<guint64> times;
  const auto bus = adopt(gst_element_get_bus(player.pipeline()));
  gst_bus_set_sync_handler(bus.get(), note_time, &times, nullptr);
  const auto pad = adopt(gst_element_get_static_pad(player.element("v").get(), "sink"));
  gst_pad_push_event(pad.get(), gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 2, GST_SECOND, 0));
  EXPECT_TRUE(player.plays_to_end());
  player.go_to(GST_STATE_NULL);
  ASSERT_FALSE(times.empty());
  for (const auto t : times) EXPECT_TRUE(t >= GST_SECOND && t < 3 * GST_SECOND) << t;
}

TEST_F(JobSrc, PlaysInPlaybin3) {
  const auto player = retain(gst_element_factory_make("playbin3", nullptr));
  if (!player) GTEST_SKIP() << "no playbin3";
  auto* video = gst_element_factory_make("fakesink", nullptr);
  auto* audio = gst_element_factory_make("fakesink", nullptr);
  for (auto* sink : {video, audio}) g_object_set(sink, "sync", TRUE, nullptr);
  g_object_set(player.get(), "uri", ("rostrum://" + job_).c_str(), "video-sink", video,
               "audio-sink", audio, nullptr);
  Flow flow;
  const auto pad = adopt(gst_element_get_static_pad(video, "sink"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, note, &flow, nullptr);
  gst_element_set_state(player.get(), GST_STATE_PAUSED);
  const auto settled = [&] {
    return gst_element_get_state(player.get(), nullptr, nullptr, 20 * GST_SECOND) ==
           GST_STATE_CHANGE_SUCCESS;
  };
  ASSERT_TRUE(settled());
  for (const auto to : {3960ms, 1000ms, 4000ms, 0ms, 3000ms}) {  // all is pushed before the third
    ASSERT_TRUE(gst_element_seek_simple(
        player.get(), GST_FORMAT_TIME,
        static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
        std::chrono::nanoseconds{to}.count()));
    ASSERT_TRUE(settled()) << to.count();
  }
  EXPECT_EQ(flow.pts.back(), 3 * GST_SECOND);
  gst_element_set_state(player.get(), GST_STATE_NULL);
}

}  // namespace
}  // namespace rostrum
