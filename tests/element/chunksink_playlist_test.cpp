// SPDX-License-Identifier: LGPL-2.1-or-later
// The HLS playlist of chunksink, and times in fragmented MP4; ffmpeg says what is in them.
#include "chunk_run.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace rostrum {
namespace {

using test::TemporaryFolder;

// B-frames, so that decoding and presentation differ.
std::string line(const std::string& sink, int frames = 75) {
  return "chunksink name=c boundaries=\"<480000000,1499000000>\" " + sink +
         " videotestsrc pattern=ball num-buffers=" + std::to_string(frames) +
         " ! video/x-raw,width=64,height=48,framerate=25/1 ! queue ! x264enc threads=1 "
         "speed-preset=veryfast key-int-max=1000 ! h264parse ! c.video "
         "audiotestsrc samplesperbuffer=1024 num-buffers=" +
         std::to_string(frames * 48000 / 25 / 1024) +
         " ! audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! queue ! c.audio_0";
}

std::string output_of(const std::string& command) {
  std::string text;
  char piece[4096];
  FILE* pipe = popen(command.c_str(), "r");
  while (const auto n = std::fread(piece, 1, sizeof piece, pipe)) text.append(piece, n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t n = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++n;
  return n;
}

// PTS of one stream ("v", "a") as ffprobe sees them, in order of presentation.
std::vector<double> times(const std::string& file, const char* stream) {
  std::istringstream text{output_of("ffprobe -v error -select_streams " + std::string(stream) +
                                    " -show_entries packet=pts_time -of csv=p=0 " + file)};
  std::vector<double> found;
  for (std::string word; std::getline(text, word);)
    if (!word.empty()) found.push_back(std::stod(word));
  std::sort(found.begin(), found.end());
  return found;
}

void expect_steps(const std::vector<double>& times, double step) {
  for (std::size_t i = 1; i < times.size(); ++i)
    EXPECT_NEAR(times[i] - times[i - 1], step, 0.0001) << i;
}

TEST(ChunkSinkPlaylist, IsPlayedFromChunkToChunkWithoutAJump) {
  for (const std::string name : {"mpegts", "fmp4"}) {
    SCOPED_TRACE(name);
    const TemporaryFolder folder;
    const auto list = folder / "list.m3u8";
    const auto run = test::play(line("muxer=" + name + " playlist=" + list + " location=" +
                                     folder / (name == "fmp4" ? "%d.mp4" : "%d.ts")));
    EXPECT_TRUE(run.eos) << run.error;
    ASSERT_EQ(run.chunks.size(), 3U);
    const auto picture = times(list, "v");
    const auto sound = times(list, "a");
    EXPECT_EQ(picture.size(), 75U);
    EXPECT_EQ(sound.size(), 141U);
    expect_steps(picture, 0.04);
    expect_steps(sound, 1024 / 48000.);
    EXPECT_NEAR(picture.front() - sound.front(), 0, 0.0001);
    EXPECT_EQ(output_of("ffprobe -v error -show_entries format=duration -of csv=p=0 " + list),
              "3.000000\n");
    EXPECT_EQ(output_of("ffmpeg -v error -i " + list +
                        " -map 0:v -fps_mode passthrough -f framemd5 - | grep -vc '^#'"),
              "75\n");
  }
}

TEST(ChunkSinkPlaylist, ListsAChunkWhenItIsAnnouncedAndEndsBeforeEos) {
  const TemporaryFolder folder;
  const auto list = folder / "list.m3u8";
  std::filesystem::create_directory(folder / "parts");
  std::ofstream{list} << "of an earlier run";
  const auto pipeline =
      test::launch(line("muxer=mpegts location=" + folder / "parts/%d.ts" + " playlist=" + list));
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  // In the thread that announces the chunk: nothing else happens meanwhile.
  struct Seen {
    std::string list;
    std::vector<std::string> texts;
  } seen{list, {}};
  gst_bus_set_sync_handler(
      bus.get(),
      [](GstBus*, GstMessage* message, gpointer data) {
        auto& s = *static_cast<Seen*>(data);
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT) s.texts.push_back(text_of(s.list));
        return GST_BUS_PASS;
      },
      &seen, nullptr);
  EXPECT_TRUE(test::play(pipeline.get()).eos);
  const auto ended = text_of(list);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  gst_bus_set_sync_handler(bus.get(), nullptr, nullptr, nullptr);
  ASSERT_EQ(seen.texts.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(count(seen.texts[i], "#EXTINF"), i + 1);
    EXPECT_EQ(count(seen.texts[i], "parts/" + std::to_string(i) + ".ts\n"), 1U);
    EXPECT_EQ(count(seen.texts[i], "ENDLIST"), 0U);
  }
  EXPECT_EQ(ended, seen.texts.back() + "#EXT-X-ENDLIST\n");
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"list.m3u8", "parts"}));
}

TEST(ChunkSinkPlaylist, GoesOnWithTheChunksOfBefore) {
  for (const std::string name : {"mpegts", "fmp4"}) {
    SCOPED_TRACE(name);
    const TemporaryFolder folder;
    const auto list = folder / "list.m3u8";
    const auto all =
        "resume=true muxer=" + name + " playlist=" + list + " location=" + folder / "%d.ts";
    const auto pipeline = test::launch(line(all));
    test::play(pipeline.get(), [](const ChunkRecord& chunk) { return chunk.index < 1; });
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    EXPECT_GE(count(text_of(list), "#EXTINF"), 2U);
    const auto rest = test::play(line(all));
    EXPECT_TRUE(rest.eos) << rest.error;
    EXPECT_LE(rest.chunks.size(), 1U);
    EXPECT_EQ(count(text_of(list), "#EXTINF"), 3U);
    EXPECT_EQ(count(text_of(list), "ENDLIST"), 1U);
    EXPECT_EQ(count(text_of(list), "DISCONTINUITY"), 0U);
    const auto picture = times(list, "v");
    EXPECT_EQ(picture.size(), 75U);
    expect_steps(picture, 0.04);
  }
}

TEST(ChunkSinkPlaylist, SaysThatChunksOfARunWithoutOneBeginAtZero) {
  const TemporaryFolder folder;
  const auto list = folder / "list.m3u8";
  const auto all = "resume=true muxer=fmp4 location=" + folder / "%d.mp4";
  EXPECT_TRUE(test::play(line(all)).eos);
  std::filesystem::remove(folder / "2.mp4");
  EXPECT_TRUE(test::play(line(all + " playlist=" + list)).eos);
  const auto text = text_of(list);
  EXPECT_EQ(count(text, "#EXT-X-DISCONTINUITY\n"), 2U) << text;
}

TEST(ChunkSinkPlaylist, IsRefusedWhereItCannotBe) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  const struct {
    std::string settings;
    std::string text;
  } kCases[] = {
      {"muxer=mp4 playlist=" + folder / "l", "A playlist needs muxer=mpegts or muxer=fmp4"},
      {"muxer=matroska playlist=" + folder / "l", "A playlist needs muxer=mpegts or muxer=fmp4"},
      {"muxer=mpegts playlist=" + folder / "absent/l", "absent/l: No such file or directory."},
      {"muxer=mpegts playlist=" + folder / "taken", "taken: Is a directory."},
  };
  for (const auto& c : kCases) {
    const auto run = test::play(line(c.settings + " location=" + folder / "%d.ts"));
    EXPECT_EQ(run.error_source, "chunksink");
    EXPECT_NE(run.error.find(c.text), std::string::npos) << run.error;
    EXPECT_FALSE(run.eos);
  }
}

TEST(ChunkSinkFragments, BeginAtZeroAndKeepTheDistanceOfSoundAndPicture) {
  const TemporaryFolder folder;
  const auto run = test::play(line("muxer=fmp4 location=" + folder / "%d.mp4"));
  EXPECT_TRUE(run.eos) << run.error;
  ASSERT_EQ(run.chunks.size(), 3U);
  // Packets stand at multiples of 21.3 ms: number 23 at 490.7, 71 at 1514.7; frames at 480 and
  // 1520.
  const double picture[] = {0, 0, 0.0053};
  const double sound[] = {0, 0.0107, 0};
  const std::size_t frames[] = {12, 26, 37};
  for (std::size_t i = 0; i < 3; ++i) {
    SCOPED_TRACE(i);
    const auto shown = times(run.chunks[i].file, "v");
    EXPECT_EQ(shown.size(), frames[i]);
    expect_steps(shown, 0.04);
    EXPECT_NEAR(shown.front(), picture[i], 0.0003);
    EXPECT_NEAR(times(run.chunks[i].file, "a").front(), sound[i], 0.0003);
    // GStreamer's own demuxer agrees, but lets time begin with the first fragment of all, which in
    // chunk 2 is one of the picture's.
    if (i == 2) continue;
    EXPECT_NEAR(static_cast<double>(test::packets_of(run.chunks[i].file, "video_0").front()) / 1e9,
                picture[i], 0.0003);
    EXPECT_NEAR(static_cast<double>(test::packets_of(run.chunks[i].file, "audio_0").front()) / 1e9,
                sound[i], 0.0003);
  }
}

}  // namespace
}  // namespace rostrum
