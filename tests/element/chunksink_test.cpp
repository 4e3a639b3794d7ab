// SPDX-License-Identifier: LGPL-2.1-or-later
// What chunksink writes: which frames and packets are in which file.
#include "chunk_run.h"

#include <gst/video/video-event.h>

namespace rostrum {
namespace {

using test::TemporaryFolder;

// Lossless, so that every frame can be recognised, with B-frames.  The queue is before the encoder,
// which then gets its requests before it goes on, whatever else the machine does.
constexpr char kEncoder[] =
    " ! queue ! x264enc pass=quant quantizer=0 speed-preset=veryfast threads=1 key-int-max=1000 "
    "! h264parse ! c.video ";

std::string raw_video(int frames, const std::string& rate) {
  return "videotestsrc pattern=ball num-buffers=" + std::to_string(frames) +
         " ! video/x-raw,format=GRAY8,width=64,height=48,framerate=" + rate;
}

std::string video(int frames, const std::string& rate = "25/1") {
  return raw_video(frames, rate) + " ! videoconvert ! video/x-raw,format=I420" + kEncoder;
}

std::string audio(int packets) {
  return "audiotestsrc samplesperbuffer=1024 num-buffers=" + std::to_string(packets) +
         " ! audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! queue ! c.audio_0 ";
}

std::string sink(const std::string& location, const std::string& more) {
  return "chunksink name=c location=" + location + ' ' + more + ' ';
}

TEST(ChunkSink, PutsEachFrameIntoTheChunkThatHoldsItsTime) {
  const struct {
    const char* rate;
    int frames;
    const char* cuts;
    std::vector<std::pair<int, std::size_t>> expected;  // index, frames
  } kCases[] = {
      {"25/1", 60, "chunk-duration=1000000000", {{0, 25}, {1, 25}, {2, 10}}},
      // Not a multiple of the frame: 12.5, so 13 and 12 in turn, without drift.
      {"25/1", 60, "chunk-duration=500000000", {{0, 13}, {1, 12}, {2, 13}, {3, 12}, {4, 10}}},
      {"25/1",
       50,
       "boundaries=\"<400000000,440000000,1010000000>\"",
       {{0, 10}, {1, 1}, {2, 15}, {3, 24}}},
      // 30 * 1001 / 30000 = 1.001: the frame at the cut itself opens the chunk, to the nanosecond.
      {"30000/1001", 70, "boundaries=\"<1001000000,2002000000>\"", {{0, 30}, {1, 30}, {2, 10}}},
      {"30000/1001", 70, "boundaries=\"<1001000001>\"", {{0, 31}, {1, 39}}},
      {"30000/1001", 70, "chunk-duration=1000000000", {{0, 30}, {1, 30}, {2, 10}}},
      // No frame between two cuts: no file, but the number goes on.
      {"25/1", 50, "boundaries=\"<1001000000,1002000000>\"", {{0, 26}, {2, 24}}},
      {"25/1", 12, "", {{0, 12}}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(c.rate) + ' ' + c.cuts);
    const TemporaryFolder folder;
    const auto run = test::play(sink(folder / "%02d.mp4", c.cuts) + video(c.frames, c.rate));
    EXPECT_TRUE(run.eos) << run.error;
    ASSERT_EQ(run.chunks.size(), c.expected.size());
    test::Pictures joined;
    for (std::size_t i = 0; i < run.chunks.size(); ++i) {
      const auto& chunk = run.chunks[i];
      EXPECT_EQ(chunk.index, c.expected[i].first);
      EXPECT_EQ(chunk.frames, c.expected[i].second);
      EXPECT_EQ(std::filesystem::file_size(chunk.file), chunk.bytes);
      const auto alone = test::pictures_of(chunk.file);
      EXPECT_EQ(alone.size(), c.expected[i].second);
      joined.insert(joined.end(), alone.begin(), alone.end());
    }
    EXPECT_EQ(joined, test::pictures(raw_video(c.frames, c.rate)));
  }
}

TEST(ChunkSink, SaysExactlyWhenAChunkBeginsAndHowLongItLasts) {
  const TemporaryFolder folder;
  const auto run =
      test::play(sink(folder / "%d.mp4", "boundaries=\"<1001000000>\"") + video(45, "30000/1001"));
  ASSERT_EQ(run.chunks.size(), 2U);
  EXPECT_EQ(run.chunks[0].first_time, 0ns);
  EXPECT_EQ(run.chunks[0].duration, 1001ms);
  EXPECT_EQ(run.chunks[1].first_time, 1001ms);
  EXPECT_NEAR(static_cast<double>(run.chunks[1].duration.count()), 500'500'000, 1);
  EXPECT_EQ(run.chunks[1].file, folder / "1.mp4");
}

TEST(ChunkSink, PutsEachAudioPacketIntoTheChunkThatHoldsItsPts) {
  const TemporaryFolder folder;
  // 480 ms is off the grid of both frames and packets: the next frame is at 480, packets at
  // 469.3 and 490.7.  499 ms: the packet at 490.7 stays before, the frame at 480 too.
  const std::vector<Nanoseconds> cuts{480ms, 1499ms, 2000ms};
  const auto run =
      test::play(sink(folder / "%d.mp4", "boundaries=\"<480000000,1499000000,2000000000>\"") +
                 video(75) + audio(140));
  EXPECT_TRUE(run.eos) << run.error;
  ASSERT_EQ(run.chunks.size(), 4U);
  std::size_t expected[4] = {};
  for (int packet = 0; packet < 141; ++packet) {  // the encoder adds one at the end
    const auto pts = Nanoseconds{packet * 1024LL * 1'000'000'000 / 48000};
    ++expected[std::upper_bound(cuts.begin(), cuts.end(), pts) - cuts.begin()];
  }
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(test::packets_of(run.chunks[i].file, "audio_0").size(), expected[i]) << i;
  // The distance of sound and picture stays: packet 1 of chunk 1 is 10.7 ms late, to the
  // edit list's tenths of a millisecond.
  const auto first = test::packets_of(run.chunks[1].file, "audio_0").front();
  EXPECT_NEAR(static_cast<double>(first), 10'666'666, 200'000);
}

TEST(ChunkSink, WritesSoundAlone) {
  const TemporaryFolder folder;
  const auto run = test::play(sink(folder / "%d.m4a", "chunk-duration=1000000000") + audio(99));
  EXPECT_TRUE(run.eos) << run.error;
  ASSERT_EQ(run.chunks.size(), 3U);
  const std::uint64_t frames[] = {47, 47, 6};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(run.chunks[i].frames, frames[i]);
    EXPECT_EQ(test::packets_of(run.chunks[i].file, "audio_0").size(), frames[i]);
  }
}

TEST(ChunkSink, WritesEveryContainer) {
  for (const char* muxer : {"mp4", "fmp4", "mpegts", "matroska"}) {
    SCOPED_TRACE(muxer);
    const TemporaryFolder folder;
    const auto run = test::play(
        sink(folder / "%d", std::string("chunk-duration=1000000000 muxer=") + muxer) + video(60));
    EXPECT_TRUE(run.eos) << run.error;
    ASSERT_EQ(run.chunks.size(), 3U);
    test::Pictures joined;
    for (const auto& chunk : run.chunks) {
      const auto alone = test::pictures_of(chunk.file);
      joined.insert(joined.end(), alone.begin(), alone.end());
    }
    EXPECT_EQ(joined, test::pictures(raw_video(60, "25/1")));
  }
}

TEST(ChunkSink, AsksForKeyFramesExactlyAtTheCuts) {
  const TemporaryFolder folder;
  auto* element = gst_element_factory_make("chunksink", nullptr);
  ASSERT_TRUE(element);
  const auto location = folder / "%d.mp4";
  g_object_set(element, "location", location.c_str(), nullptr);
  gst_util_set_object_arg(G_OBJECT(element), "boundaries", "<0, 1001000000, 7000000001>");
  const test::Harness h{gst_harness_new_with_element(element, "video", nullptr)};
  gst_object_unref(element);
  gst_harness_set_src_caps_str(h.get(),
                               "video/x-h264,stream-format=avc,alignment=au,width=64,"
                               "height=48,codec_data=(buffer)01640028ffe10000");
  std::vector<GstClockTime> asked;
  while (const auto event = adopt(gst_harness_try_pull_upstream_event(h.get()))) {
    GstClockTime time = 0;
    gboolean headers = FALSE;
    if (gst_video_event_parse_upstream_force_key_unit(event.get(), &time, &headers, nullptr))
      asked.push_back(time);
  }
  EXPECT_EQ(asked, (std::vector<GstClockTime>{1'001'000'000, 7'000'000'001}));
}

TEST(ChunkSink, TakesOnlyWhatItsMuxerTakes) {
  const TemporaryFolder folder;
  const auto element = retain(gst_element_factory_make("chunksink", nullptr));
  const auto pad = adopt(gst_element_request_pad_simple(element.get(), "video"));
  const auto accepts = [&](const char* text) {
    const auto caps = adopt(gst_caps_from_string(text));
    return gst_pad_query_accept_caps(pad.get(), caps.get()) != FALSE;
  };
  constexpr char kAvc[] =
      "video/x-h264,stream-format=avc,alignment=au,width=64,height=48,profile=high";
  constexpr char kBytes[] =
      "video/x-h264,stream-format=byte-stream,alignment=au,width=64,height=48";
  EXPECT_TRUE(accepts(kAvc));
  EXPECT_FALSE(accepts(kBytes));
  EXPECT_FALSE(accepts("video/x-raw,format=I420"));
  gst_util_set_object_arg(G_OBJECT(element.get()), "muxer", "mpegts");
  EXPECT_FALSE(accepts(kAvc));
  EXPECT_TRUE(accepts(kBytes));
  gst_element_release_request_pad(element.get(), pad.get());
}

TEST(ChunkSink, KeepsItsProperties) {
  const auto element = retain(gst_element_factory_make("chunksink", nullptr));
  gst_util_set_object_arg(G_OBJECT(element.get()), "boundaries", "<1, 3000000000>");
  gst_util_set_object_arg(G_OBJECT(element.get()), "muxer", "matroska");
  g_object_set(element.get(), "playlist", "a.m3u8", "location", "a%d", "chunk-duration",
               G_GUINT64_CONSTANT(5000000000), "fsync", FALSE, "resume", TRUE, nullptr);
  GValue times = G_VALUE_INIT;
  g_value_init(&times, GST_TYPE_ARRAY);
  g_object_get_property(G_OBJECT(element.get()), "boundaries", &times);
  ASSERT_EQ(gst_value_array_get_size(&times), 2U);
  EXPECT_EQ(g_value_get_uint64(gst_value_array_get_value(&times, 1)), 3'000'000'000U);
  g_value_unset(&times);
  gchar* location = nullptr;
  gchar* playlist = nullptr;
  guint64 duration = 0;
  guint64 chunks = 1;
  int muxer = 0;
  gboolean sync = TRUE;
  gboolean resume = FALSE;
  g_object_get(element.get(), "location", &location, "chunk-duration", &duration, "fsync", &sync,
               "resume", &resume, "chunks", &chunks, "muxer", &muxer, "playlist", &playlist,
               nullptr);
  EXPECT_STREQ(playlist, "a.m3u8");
  g_free(playlist);
  EXPECT_STREQ(location, "a%d");
  g_free(location);
  EXPECT_EQ(duration, 5'000'000'000U);
  EXPECT_EQ(muxer, 3);
  EXPECT_FALSE(sync);
  EXPECT_TRUE(resume);
  EXPECT_EQ(chunks, 0U);
}

}  // namespace
}  // namespace rostrum
