// SPDX-License-Identifier: LGPL-2.1-or-later
// chunksink when things go wrong, stop, start again, or go back.
#include "chunk_run.h"

#include <sys/resource.h>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <mutex>

namespace rostrum {
namespace {

using test::TemporaryFolder;

constexpr int kFrames = 60;

std::string line(const std::string& location, const std::string& more = "", int frames = kFrames) {
  return "videotestsrc name=s pattern=ball num-buffers=" + std::to_string(frames) +
         " ! video/x-raw,width=64,height=48,framerate=25/1 ! x264enc name=e speed-preset=ultrafast "
         "threads=1 tune=zerolatency ! h264parse ! chunksink name=c chunk-duration=1000000000 "
         "location=" +
         location + ' ' + more;
}

using Names = std::vector<std::string>;

std::uint64_t chunks_of(GstElement* pipeline) {
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(pipeline), "c"));
  guint64 chunks = 0;
  g_object_get(sink.get(), "chunks", &chunks, nullptr);
  return chunks;
}

TEST(ChunkSinkFaults, RefusesBadSettingsInOneSentence) {
  const TemporaryFolder folder;
  const struct {
    std::string line;
    const char* text;
  } kCases[] = {
      {line(folder / "out.mp4"), "needs a number"},
      {line(folder / "%s.mp4"), "only %d, %0Nd"},
      {line(folder / "%d.mp4", "boundaries=\"<1,2>\""), "not both"},
      {line(folder / "%d.mp4", "chunk-duration=0 boundaries=\"<2,2>\""), "strictly increasing"},
      {line(folder / "absent/%d.mp4"), "absent/%d.mp4.journal: No such file or directory"},
  };
  for (const auto& c : kCases) {
    const auto run = test::play(c.line);
    EXPECT_EQ(run.error_source, "chunksink");
    EXPECT_NE(run.error.find(c.text), std::string::npos) << run.error;
    EXPECT_EQ(folder.names(), Names{});
  }
}

TEST(ChunkSinkFaults, AnnouncesAChunkAfterItsJournalLineAndEosAfterTheLast) {
  const TemporaryFolder folder;
  const auto pipeline = test::launch(line(folder / "%d.mp4"));
  auto run = test::play(pipeline.get(), [&](const ChunkRecord& chunk) {
    EXPECT_EQ(std::filesystem::file_size(chunk.file), chunk.bytes);
    EXPECT_GT(folder.journal("%d.mp4").size(), static_cast<std::size_t>(chunk.index));
    return true;
  });
  EXPECT_TRUE(run.eos);
  EXPECT_EQ(run.chunks.size(), 3U);
  EXPECT_EQ(chunks_of(pipeline.get()), 3U);
  EXPECT_EQ(folder.names(), (Names{"0.mp4", "1.mp4", "2.mp4"}));
  for (auto& chunk : run.chunks) chunk.file = std::filesystem::path(chunk.file).filename();
  EXPECT_EQ(folder.journal("%d.mp4"), run.chunks);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}

TEST(ChunkSinkFaults, LeavesOnlyWholeChunksWhenStoppedWithoutEos) {
  const TemporaryFolder folder;
  const auto pipeline = test::launch(line(folder / "%d.mp4", "", -1));
  const auto run =
      test::play(pipeline.get(), [](const ChunkRecord& chunk) { return chunk.index < 1; });
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  const auto journal = folder.journal("%d.mp4");
  EXPECT_GE(journal.size(), 2U);
  EXPECT_EQ(chunks_of(pipeline.get()), journal.size());
  Names whole;
  for (const auto& record : journal) whole.push_back(record.file);
  std::sort(whole.begin(), whole.end());
  EXPECT_EQ(folder.names(), whole);
  for (const auto& record : journal)
    EXPECT_EQ(test::pictures_of(folder / record.file).size(), 25U) << record.file;
}

TEST(ChunkSinkFaults, HidesAChunkUntilItIsWhole) {
  const TemporaryFolder folder;
  const auto pipeline = test::launch(line(folder / "%d.mp4", "", -1));
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "c"));
  const auto pad = adopt(gst_element_get_static_pad(sink.get(), "video"));
  struct Look {
    const TemporaryFolder& folder;
    int frames = 0;
    Names names;
  } look{folder, 0, {}};
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo*, gpointer data) {
        auto& l = *static_cast<Look*>(data);
        if (++l.frames == 20) l.names = l.folder.names();
        return GST_PAD_PROBE_OK;
      },
      &look, nullptr);
  test::play(pipeline.get(), [](const ChunkRecord&) { return false; });
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_EQ(look.names, Names{".0.mp4.part"});
}

TEST(ChunkSinkFaults, NamesTheFileThatCannotBeWrittenAndWhy) {
  for (const char* obstacle : {".1.mp4.part", "1.mp4"}) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / obstacle);
    const auto run = test::play(line(folder / "%d.mp4"));
    EXPECT_EQ(run.error_source, "chunksink");
    EXPECT_NE(run.error.find(folder / "1.mp4: "), std::string::npos) << run.error;
    EXPECT_FALSE(run.eos);
    // Chunk 0 may have been whole before the error, or not.
    Names expected{obstacle};
    for (const auto& record : folder.journal("%d.mp4")) expected.push_back(record.file);
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(folder.names(), expected);
  }
}

TEST(ChunkSinkFaults, SaysWhatTheSystemSaidWhenAWriteFails) {
  const TemporaryFolder folder;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{16 * 1024, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto run = test::play(
      "videotestsrc pattern=snow num-buffers=100 ! x264enc threads=1 "
      "speed-preset=ultrafast ! chunksink location=" +
      (folder / "%d.mp4"));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(run.error, "Could not write " + (folder / "0.mp4") + ": File too large.");
  EXPECT_EQ(run.error_source, "chunksink");
  EXPECT_EQ(folder.names(), Names{});
}

TEST(ChunkSinkFaults, RefusesAStreamWithoutKeyFramesAtTheCuts) {
  const TemporaryFolder folder;
  const auto pipeline = test::launch(line(folder / "%d.mp4"));
  const auto sink = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "c"));
  const auto pad = adopt(gst_element_get_static_pad(sink.get(), "video"));
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
      [](GstPad*, GstPadProbeInfo*, gpointer) { return GST_PAD_PROBE_DROP; }, nullptr, nullptr);
  const auto run = test::play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_EQ(run.error, "No key frame at 0:00:01.000, where " + (folder / "1.mp4") + " begins.");
  EXPECT_EQ(folder.names(), Names{});
}

// Holds up the first error of a bus until a second comes, or for a time.
struct Errors {
  std::mutex mutex;
  std::condition_variable came;
  int posted = 0;
  bool overtaken = false;

  static GstBusSyncReply see(GstBus*, GstMessage* message, gpointer data) {
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return GST_BUS_PASS;
    auto& self = *static_cast<Errors*>(data);
    std::unique_lock lock{self.mutex};
    self.came.notify_all();
    if (++self.posted == 1)
      self.overtaken = self.came.wait_for(lock, 300ms, [&] { return self.posted > 1; });
    return GST_BUS_PASS;
  }
};

// Picture and sound need the same file, which cannot be made: one of them says so, and the other
// must not fail before that is over.
TEST(ChunkSinkFaults, LetsNoStreamFailBeforeTheErrorIsPosted) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / ".0.mp4.part");
  const auto pipeline =
      test::launch(line(folder / "%d.mp4") +
                   " audiotestsrc ! audio/x-raw,rate=48000 ! avenc_aac ! aacparse ! c.audio_0");
  Errors errors;
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  gst_bus_set_sync_handler(bus.get(), Errors::see, &errors, nullptr);
  const auto run = test::play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
  EXPECT_EQ(run.error_source, "chunksink");
  EXPECT_FALSE(errors.overtaken);
}

TEST(ChunkSinkFaults, StartsAgain) {
  const TemporaryFolder folder;
  const auto pipeline = test::launch(line(folder / "%d.mp4"));
  const auto first = test::play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_READY);
  const auto second = test::play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_TRUE(second.eos);
  EXPECT_EQ(first.chunks, second.chunks);
  EXPECT_EQ(folder.journal("%d.mp4").size(), 3U);
}

TEST(ChunkSinkFaults, GoesOnAfterTheLastWholeChunk) {
  const TemporaryFolder folder;
  const auto full = test::play(line(folder / "%d.mp4", "", 110));
  ASSERT_EQ(full.chunks.size(), 5U);
  std::ofstream(folder / "2.mp4", std::ios::app) << "damage";
  std::ofstream(folder / "%d.mp4.journal", std::ios::app) << "{\"index\":5,";
  const auto kept = std::filesystem::last_write_time(folder / "1.mp4");
  const auto pipeline = test::launch(line(folder / "%d.mp4", "resume=true", 110));
  const auto rest = test::play(pipeline.get());
  EXPECT_TRUE(rest.eos);
  EXPECT_EQ(chunks_of(pipeline.get()), 5U);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  ASSERT_EQ(rest.chunks.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(rest.chunks[i].index, full.chunks[i + 2].index);
    EXPECT_EQ(rest.chunks[i].frames, full.chunks[i + 2].frames);
    EXPECT_EQ(rest.chunks[i].first_time, full.chunks[i + 2].first_time);
  }
  EXPECT_EQ(std::filesystem::last_write_time(folder / "1.mp4"), kept);
  EXPECT_EQ(folder.journal("%d.mp4").size(), 5U);
}

TEST(ChunkSinkFaults, BeginsAnewAfterAFlush) {
  const TemporaryFolder folder;
  const auto pipeline = test::launch(line(folder / "%d.mp4", "", 5000));
  test::play(pipeline.get(), [](const ChunkRecord&) { return false; });
  ASSERT_TRUE(gst_element_seek(pipeline.get(), 1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                               GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET, 2400 * GST_MSECOND));
  const auto run = test::play(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_TRUE(run.eos) << run.error;
  const auto journal = folder.journal("%d.mp4");
  const std::uint64_t frames[] = {25, 25, 10};
  ASSERT_EQ(journal.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(journal[i].frames, frames[i]);
    EXPECT_EQ(test::pictures_of(folder / journal[i].file).size(), frames[i]);
  }
}

TEST(ChunkSinkFaults, KeepsNoBuffer) {
  const TemporaryFolder folder;
  auto pipeline = test::launch(line(folder / "%d.mp4", "", 30));
  auto* sink = gst_bin_get_by_name(GST_BIN(pipeline.get()), "c");
  static int buffers;
  buffers = 0;
  const auto pad = adopt(gst_element_get_static_pad(sink, "video"));
  gst_object_unref(sink);
  gst_pad_add_probe(
      pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer) {
        ++buffers;
        gst_mini_object_weak_ref(
            GST_MINI_OBJECT(GST_PAD_PROBE_INFO_BUFFER(info)),
            [](gpointer, GstMiniObject*) { g_atomic_int_add(&buffers, -1); }, nullptr);
        return GST_PAD_PROBE_OK;
      },
      nullptr, nullptr);
  EXPECT_TRUE(test::play(pipeline.get()).eos);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  EXPECT_EQ(g_atomic_int_get(&buffers), 0);
}

}  // namespace
}  // namespace rostrum
