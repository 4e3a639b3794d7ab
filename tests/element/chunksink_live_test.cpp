// SPDX-License-Identifier: LGPL-2.1-or-later
// chunksink behind live sources, whose time is a clock's.
#include "chunk_run.h"

#include <gst/check/gsttestclock.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace rostrum {
namespace {

using test::TemporaryFolder;

// A pipeline's clock that jumps to whatever is waited for, as soon as it is.
class DrivenClock {
 public:
  explicit DrivenClock(GstElement* pipeline) : clock_{retain(gst_test_clock_new())} {
    gst_pipeline_use_clock(GST_PIPELINE(pipeline), clock_.get());
    thread_ = std::thread{[this] {
      while (!done_) go_on();
    }};
  }
  ~DrivenClock() {
    done_ = true;
    thread_.join();
  }
  DrivenClock(const DrivenClock&) = delete;
  DrivenClock& operator=(const DrivenClock&) = delete;

 private:
  // Not gst_test_clock_crank(): it never returns when the wait is given up before it looks.
  void go_on() {
    constexpr guint kMilliseconds = 20;
    auto* clock = GST_TEST_CLOCK(clock_.get());
    GstClockID id = nullptr;
    // Its result says whether exactly one waits.
    gst_test_clock_timed_wait_for_multiple_pending_ids(clock, 1, kMilliseconds, nullptr);
    if (!gst_test_clock_peek_next_pending_id(clock, &id)) return;
    gst_test_clock_set_time(clock,
                            std::max(gst_clock_id_get_time(id), gst_clock_get_time(clock_.get())));
    gst_clock_id_unref(id);
    if (auto* due = gst_test_clock_process_next_clock_id(clock)) gst_clock_id_unref(due);
  }

  GstPtr<GstClock> clock_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

std::string line(const std::string& sink, int frames = -1) {
  return "videotestsrc is-live=true pattern=ball num-buffers=" + std::to_string(frames) +
         " ! video/x-raw,width=64,height=48,framerate=25/1 ! queue ! x264enc threads=1 "
         "tune=zerolatency speed-preset=ultrafast ! h264parse ! chunksink name=c "
         "chunk-duration=1000000000 " +
         sink;
}

TEST(ChunkSinkLive, CutsByTheClock) {
  const TemporaryFolder folder;
  const auto pipeline = test::launch(line("location=" + folder / "%d.mp4", 60));
  DrivenClock clock{pipeline.get()};
  const auto run = test::play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_TRUE(run.eos) << run.error;
  ASSERT_EQ(run.chunks.size(), 3U);
  const std::uint64_t frames[] = {25, 25, 10};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(run.chunks[i].first_time, 1s * static_cast<int>(i));
    EXPECT_EQ(run.chunks[i].frames, frames[i]);
    EXPECT_EQ(test::pictures_of(run.chunks[i].file).size(), frames[i]);
  }
}

// What gst-launch-1.0 -e does on SIGINT: the last chunk is then as whole as the others.
TEST(ChunkSinkLive, EndsWithAWholeChunkWhenItIsToldToEnd) {
  for (const std::string muxer : {"mp4", "fmp4", "mpegts", "matroska"}) {
    SCOPED_TRACE(muxer);
    const TemporaryFolder folder;
    const auto pipeline = test::launch(line("muxer=" + muxer + " location=" + folder / "%d"));
    DrivenClock clock{pipeline.get()};
    auto run = test::play(pipeline.get(), [](const ChunkRecord& chunk) { return chunk.index < 1; });
    gst_element_send_event(pipeline.get(), gst_event_new_eos());
    auto rest = test::play(pipeline.get());
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    EXPECT_TRUE(rest.eos) << rest.error;
    run.chunks.insert(run.chunks.end(), rest.chunks.begin(), rest.chunks.end());
    ASSERT_GE(run.chunks.size(), 3U);
    EXPECT_EQ(folder.names().size(), run.chunks.size());
    for (const auto& chunk : run.chunks)
      EXPECT_EQ(test::pictures_of(chunk.file).size(), chunk.frames);
  }
}

TEST(ChunkSinkLive, TakesPictureAndSoundOfTwoLiveSources) {
  const TemporaryFolder folder;
  const auto pipeline =
      test::launch(line("location=" + folder / "%d.mp4", 60) +
                   " audiotestsrc is-live=true samplesperbuffer=1024 num-buffers=112 ! "
                   "audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! queue ! c.audio_0");
  DrivenClock clock{pipeline.get()};
  const auto run = test::play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_TRUE(run.eos) << run.error;
  ASSERT_GE(run.chunks.size(), 3U);  // one more when the clock has gone on before the first frame
  ASSERT_LE(run.chunks.size(), 4U);
  std::size_t frames = 0;
  std::size_t packets = 0;
  for (const auto& chunk : run.chunks) {
    frames += test::packets_of(chunk.file, "video_0").size();
    packets += test::packets_of(chunk.file, "audio_0").size();
  }
  EXPECT_EQ(frames, 60U);
  EXPECT_EQ(packets, 113U);
}

}  // namespace
}  // namespace rostrum
