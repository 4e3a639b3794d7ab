// SPDX-License-Identifier: LGPL-2.1-or-later
#include "timeline_harness.h"

#include <gst/app/gstappsink.h>

#include <set>
#include <utility>

namespace rostrum::test {
namespace {

// timelinesrc ! appsink, which blocks after one buffer.
class Pipeline {
 public:
  explicit Pipeline(const std::vector<ClipSpec>& clips) {
    pipeline_ = retain(gst_parse_launch(
        "timelinesrc name=t ! appsink name=s sync=false max-buffers=1 enable-last-sample=false",
        nullptr));
    source_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "t"));
    sink_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "s"));
    set_clips(source_.get(), clips);
  }
  ~Pipeline() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  GstElement* get() { return pipeline_.get(); }
  GstElement* source() { return source_.get(); }
  bool set_state(GstState state) {
    gst_element_set_state(get(), state);
    return gst_element_get_state(get(), nullptr, nullptr, 30 * GST_SECOND) ==
           GST_STATE_CHANGE_SUCCESS;
  }
  bool seek(Nanoseconds to, Nanoseconds stop = kNoTime, int flags = GST_SEEK_FLAG_NONE) {
    return gst_element_seek(
        get(), 1.0, GST_FORMAT_TIME,
        static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE | flags),
        GST_SEEK_TYPE_SET, to.count(), stop == kNoTime ? GST_SEEK_TYPE_NONE : GST_SEEK_TYPE_SET,
        stop == kNoTime ? -1 : stop.count());
  }
  // The frame a paused pipeline shows.
  Shown preroll() {
    gst_element_get_state(get(), nullptr, nullptr, 30 * GST_SECOND);
    return shown(adopt(gst_app_sink_try_pull_preroll(GST_APP_SINK(sink_.get()), 30 * GST_SECOND)));
  }
  GstPtr<GstSample> pull() {
    return adopt(gst_app_sink_try_pull_sample(GST_APP_SINK(sink_.get()), 30 * GST_SECOND));
  }
  static Shown shown(const GstPtr<GstSample>& sample) {
    if (!sample) return {-3, {}, {}};
    auto* buffer = gst_sample_get_buffer(sample.get());
    return {read_number(buffer, {160, 96}),
            Nanoseconds{static_cast<std::int64_t>(GST_BUFFER_PTS(buffer))},
            Nanoseconds{static_cast<std::int64_t>(GST_BUFFER_DURATION(buffer))}};
  }

 private:
  GstPtr<GstElement> pipeline_, source_, sink_;
};

class TimelineSrcSeek : public testing::Test {
 protected:
  void SetUp() override { make_video(file_, {.frames = 100}); }
  std::vector<ClipSpec> clips() const {
    return {{.location = file_, .start = 400ms, .in = 1s, .duration = 1s},
            {.location = file_, .start = 2s, .duration = 2s}};
  }
  TempFolder folder_;
  const std::string file_ = folder_.file("a.mp4");
};

TEST_F(TimelineSrcSeek, ShowsTheExactFrame) {
  Pipeline p{clips()};
  ASSERT_TRUE(p.set_state(GST_STATE_PAUSED));
  EXPECT_EQ(p.preroll(), (Shown{-1, 0s, 40ms}));
  struct Case {
    Nanoseconds to;
    Shown shown;
  };
  for (const auto& c :
       {Case{1s, {40, 1s, 40ms}}, Case{1039ms, {40, 1s, 40ms}}, Case{400ms, {25, 400ms, 40ms}},
        Case{3960ms, {49, 3960ms, 40ms}}, Case{2s, {0, 2s, 40ms}}, Case{1999ms, {-1, 1960ms, 40ms}},
        Case{0s, {-1, 0s, 40ms}}, Case{1360ms, {49, 1360ms, 40ms}}}) {
    ASSERT_TRUE(p.seek(c.to));
    EXPECT_EQ(p.preroll(), c.shown) << c.to.count();
  }
}

TEST_F(TimelineSrcSeek, WorksWhilePlayingAndBlocked) {
  Pipeline p{clips()};
  ASSERT_TRUE(p.set_state(GST_STATE_PLAYING));
  for (int i = 0; i < 10; ++i) {
    const auto to = Nanoseconds{2s + i * 120ms};
    ASSERT_TRUE(p.seek(to));
    EXPECT_EQ(Pipeline::shown(p.pull()), (Shown{i * 3, to, 40ms}));
    EXPECT_EQ(Pipeline::shown(p.pull()), (Shown{i * 3 + 1, to + 40ms, 40ms}));
  }
}

TEST_F(TimelineSrcSeek, ASegmentSeekEndsWithSegmentDone) {
  Pipeline p{clips()};
  ASSERT_TRUE(p.set_state(GST_STATE_PAUSED));
  ASSERT_TRUE(p.seek(1s, 1200ms, GST_SEEK_FLAG_SEGMENT));
  ASSERT_TRUE(p.set_state(GST_STATE_PLAYING));
  for (int n = 0; n < 5; ++n) EXPECT_EQ(Pipeline::shown(p.pull()).number, 40 + n);
  const auto bus = adopt(gst_element_get_bus(p.get()));
  const auto done = adopt(gst_bus_timed_pop_filtered(
      bus.get(), 30 * GST_SECOND,
      static_cast<GstMessageType>(GST_MESSAGE_SEGMENT_DONE | GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  ASSERT_TRUE(done);
  EXPECT_EQ(GST_MESSAGE_TYPE(done.get()), GST_MESSAGE_SEGMENT_DONE);
}

TEST_F(TimelineSrcSeek, RefusesToPlayBackwards) {
  Pipeline p{clips()};
  ASSERT_TRUE(p.set_state(GST_STATE_PAUSED));
  EXPECT_FALSE(gst_element_seek(p.get(), -1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                                GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, 1'000'000'000));
  EXPECT_EQ(p.preroll().pts, 0s);  // and goes on as before
}

TEST_F(TimelineSrcSeek, AnswersQueries) {
  Pipeline p{clips()};
  g_object_set(p.source(), "start", static_cast<guint64>(200'000'000), nullptr);
  ASSERT_TRUE(p.set_state(GST_STATE_PAUSED));
  gint64 value = 0;
  ASSERT_TRUE(gst_element_query_duration(p.get(), GST_FORMAT_TIME, &value));
  EXPECT_EQ(value, 4'000'000'000);
  ASSERT_TRUE(p.seek(1s));
  p.preroll();
  ASSERT_TRUE(gst_element_query_position(p.get(), GST_FORMAT_TIME, &value));
  EXPECT_EQ(value, 1'000'000'000);
  const auto query = adopt(gst_query_new_seeking(GST_FORMAT_TIME));
  ASSERT_TRUE(gst_element_query(p.get(), query.get()));
  gboolean seekable = FALSE;
  gint64 from = 0;
  gint64 to = 0;
  gst_query_parse_seeking(query.get(), nullptr, &seekable, &from, &to);
  EXPECT_TRUE(seekable);
  EXPECT_EQ(from, 200'000'000);
  EXPECT_EQ(to, 4'000'000'000);
}

TEST_F(TimelineSrcSeek, RestartsFromReady) {
  const auto pipeline = retain(gst_parse_launch("timelinesrc name=t ! fakesink", nullptr));
  const auto source = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "t"));
  set_clips(source.get(), {{.location = file_, .in = 1s, .duration = 120ms}});
  std::vector<int> numbers;  // written by the streaming thread, read after its EOS
  const auto pad = adopt(gst_element_get_static_pad(source.get(), "src"));
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        static_cast<std::vector<int>*>(data)->push_back(
            read_number(GST_PAD_PROBE_INFO_BUFFER(info), {160, 96}));
        return GST_PAD_PROBE_OK;
      },
      &numbers, nullptr);
  for (int run = 0; run < 3; ++run) {
    ASSERT_TRUE(run_to_eos(pipeline.get(), run < 1 ? GST_STATE_READY : GST_STATE_NULL));
    EXPECT_EQ(std::exchange(numbers, {}), (std::vector{25, 26, 27})) << run;
  }
}

TEST_F(TimelineSrcSeek, PicturesComeFromAPool) {
  Pipeline p{{{.location = file_, .duration = 4s}}};
  ASSERT_TRUE(p.set_state(GST_STATE_PLAYING));
  std::set<GstMemory*> memories;
  int frames = 0;
  while (const auto sample = p.pull()) {
    memories.insert(gst_buffer_peek_memory(gst_sample_get_buffer(sample.get()), 0));
    ++frames;
  }
  EXPECT_EQ(frames, 100);
  EXPECT_LE(memories.size(), 8U);
}

}  // namespace
}  // namespace rostrum::test
