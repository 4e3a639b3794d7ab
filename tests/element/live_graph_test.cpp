// SPDX-License-Identifier: LGPL-2.1-or-later
// The sources of a live job when names cannot be looked up.
#include "engine/live_graph.h"

#include "core/live_plan.h"
#include "engine/live_hosts.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <string>

namespace {

// The system's resolver for this process: it answers, that there is no such host, when it is told.
struct Resolver {
  std::mutex mutex;
  std::condition_variable changed;
  bool answers = false;
  int asked = 0;

  void answer(bool now) {
    const std::lock_guard lock{mutex};
    answers = now;
    changed.notify_all();
  }
} resolver;

}  // namespace

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
  std::unique_lock lock{resolver.mutex};
  ++resolver.asked;
  resolver.changed.notify_all();
  resolver.changed.wait(lock, [] { return resolver.answers; });
  return EAI_NONAME;
}

namespace rostrum {
namespace {

constexpr char kJob[] = R"({"rostrum": 1, "canvas": {"size": "160x96", "rate": 25},
  "layout": {"policy": "speaker"}, "tracks": [
    {"id": "far", "kind": "camera", "uri": "rtsp://camera.example/1"},
    {"id": "near", "kind": "camera", "uri": "test:red?size=160x96"}]})";

class LiveNames : public testing::Test {
 protected:
  void SetUp() override {
    resolver.answer(false);
    auto manifest = parse_manifest(kJob);
    ASSERT_TRUE(manifest);
    auto graph = LiveGraph::make(plan_live(*manifest), host_rules({"camera.example"}, ""));
    ASSERT_TRUE(graph) << graph.error().message;
    graph_ = std::move(*graph);
    pipeline_ = retain(gst_pipeline_new(nullptr));
    gst_bin_add(GST_BIN(pipeline_.get()), graph_->bin());
    for (const char* name : {"video", "audio"}) {
      auto* sink = gst_element_factory_make("fakesink", nullptr);
      gst_bin_add(GST_BIN(pipeline_.get()), sink);
      ASSERT_TRUE(gst_element_link_pads(graph_->bin(), name, sink, "sink"));
    }
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    graph_->begin();
  }
  void TearDown() override {
    graph_->close();
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    resolver.answer(true);
  }

  // "near begun", "far lost: why"
  std::string next() {
    const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
    for (;;) {
      const auto message = adopt(gst_bus_timed_pop_filtered(
          bus.get(), 20 * GST_SECOND,
          static_cast<GstMessageType>(GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR)));
      if (!message) return "nothing";
      if (!gst_message_has_name(message.get(), "rostrum-live-source")) continue;
      const auto* what = gst_message_get_structure(message.get());
      const std::string text = gst_structure_get_string(what, "text");
      return std::string{gst_structure_get_string(what, "track")} + " " +
             gst_structure_get_string(what, "state") + (text.empty() ? "" : ": " + text);
    }
  }

  std::unique_ptr<LiveGraph> graph_;
  GstPtr<GstElement> pipeline_;
};

TEST_F(LiveNames, ThatAreLookedUpHoldNobodyUp) {
  {
    std::unique_lock lock{resolver.mutex};
    resolver.changed.wait(lock, [] { return resolver.asked > 0; });
  }
  EXPECT_EQ(next(), "near begun");
  graph_->close();  // though the resolver is still at it
}

TEST_F(LiveNames, ThatNobodyKnowsAreALoss) {
  EXPECT_EQ(next(), "near begun");
  resolver.answer(true);
  EXPECT_EQ(next(), "far lost: the name camera.example is not known");
}

}  // namespace
}  // namespace rostrum
