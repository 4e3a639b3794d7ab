// SPDX-License-Identifier: LGPL-2.1-or-later
// A live job in a jobsrc: it plays as it comes, cannot be sought in, and can begin again.
#include "jobsrc_player.h"

namespace rostrum {
namespace {

using test::JobPlayer;

class JobSrcLive : public testing::Test {
 protected:
  // A job of one camera.
  std::string source(const std::string& uri, const std::string& settings = "") const {
    const std::string path = folder_ / "job.json";
    test::write_bytes(path, R"({"rostrum": 1, "canvas": {"size": "160x96", "rate": 25},
      "layout": {"policy": "single"}, "tracks": [{"id": "c", "kind": "camera", "uri": ")" +
                                uri + "\"}]}");
    return "jobsrc name=j location=" + path + " " + settings;
  }

 private:
  test::Folder folder_;
};

// A launch line links once only.
void link_again(GstElement*, GstPad* pad, gpointer player) {
  const auto* sink = g_str_equal(GST_PAD_NAME(pad), "video") ? "v" : "a";
  const auto element = static_cast<JobPlayer*>(player)->element(sink);
  const auto to = adopt(gst_element_get_static_pad(element.get(), "sink"));
  if (!gst_pad_is_linked(pad) && !gst_pad_is_linked(to.get())) gst_pad_link(pad, to.get());
}

TEST_F(JobSrcLive, PlaysAgainAndAgainAndRefusesSeeks) {
  JobPlayer player{source("test:red?size=160x96")};
  for (const char* sink : {"v", "a"})
    g_object_set(player.element(sink).get(), "num-buffers", 5, nullptr);
  g_signal_connect(player.element("j").get(), "pad-added", G_CALLBACK(link_again), &player);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
    EXPECT_EQ(player.go_to(GST_STATE_PLAYING), GST_STATE_CHANGE_SUCCESS);
    const auto said = player.element_message("rostrum-live-source");
    ASSERT_TRUE(said && GST_MESSAGE_TYPE(said.get()) == GST_MESSAGE_ELEMENT);
    const auto* what = gst_message_get_structure(said.get());
    EXPECT_STREQ(gst_structure_get_string(what, "state"), "begun")
        << i << ": " << gst_structure_get_string(what, "text");
    EXPECT_FALSE(player.seek(1s));
    const auto latency = adopt(gst_query_new_latency());
    ASSERT_TRUE(gst_element_query(player.pipeline(), latency.get()));
    gboolean live = FALSE;
    gst_query_parse_latency(latency.get(), &live, nullptr, nullptr);
    EXPECT_TRUE(live);
    const auto seeking = adopt(gst_query_new_seeking(GST_FORMAT_TIME));
    gboolean seekable = TRUE;
    ASSERT_TRUE(gst_element_query(player.pipeline(), seeking.get()));
    gst_query_parse_seeking(seeking.get(), nullptr, &seekable, nullptr, nullptr);
    EXPECT_FALSE(seekable);
    const auto end = player.message(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    ASSERT_TRUE(end && GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS);
    EXPECT_TRUE(player.shown("v") && player.shown("a"));
    EXPECT_EQ(player.go_to(GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  }
}

TEST_F(JobSrcLive, IsNoOtherJobWhileItIsOpen) {
  JobPlayer player{source("test:red?size=160x96")};
  ASSERT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_NO_PREROLL);
  const auto jobsrc = player.element("j");
  gchar* before = nullptr;
  g_object_get(jobsrc.get(), "location", &before, nullptr);
  const GCharPtr location{before};
  g_object_set(jobsrc.get(), "location", "/other.json", nullptr);
  const auto message = player.message(GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  EXPECT_TRUE(message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_WARNING);
  GError* raw = nullptr;
  EXPECT_FALSE(
      gst_uri_handler_set_uri(GST_URI_HANDLER(jobsrc.get()), "rostrum:///other.json", &raw));
  const GErrorPtr error{raw};
  EXPECT_TRUE(g_error_matches(raw, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE));
  gchar* after = nullptr;
  g_object_get(jobsrc.get(), "location", &after, nullptr);
  EXPECT_STREQ(after, location.get());
  g_free(after);
  player.go_to(GST_STATE_NULL);
  EXPECT_TRUE(
      gst_uri_handler_set_uri(GST_URI_HANDLER(jobsrc.get()), "rostrum:///other.json", nullptr));
}

TEST_F(JobSrcLive, SaysWhatItMayNotDo) {
  struct Case {
    const char* uri;
    const char* settings;
    const char* says;
  };
  for (const auto& [uri, settings, text] :
       {Case{"rtsp://camera.invalid/1", "", "--allow-host camera.invalid"},
        Case{"test:red", "at=1000000000", "begins now"}}) {
    JobPlayer player{source(uri, settings)};
    EXPECT_EQ(player.go_to(GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    const auto message = player.message(GST_MESSAGE_ERROR);
    ASSERT_TRUE(message);
    GError* raw = nullptr;
    gst_message_parse_error(message.get(), &raw, nullptr);
    const GErrorPtr error{raw};
    EXPECT_NE(std::string{error->message}.find(text), std::string::npos) << error->message;
  }
}

}  // namespace
}  // namespace rostrum
