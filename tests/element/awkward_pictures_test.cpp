// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that are coded in ways that go wrong where somebody only looks at one frame.
#include "timeline_harness.h"

#include "engine/orientation.h"

#include <fstream>

namespace rostrum::test {
namespace {

std::vector<int> count(int first, int frames) {
  std::vector<int> numbers;
  for (int n = 0; n < frames; ++n) numbers.push_back(first + n);
  return numbers;
}

// Key frames are followed by pictures that stand before them and refer to those before them.
TEST(OpenGops, ArePlayedExactlyFromAnyFrameOn) {
  TempFolder folder;
  const auto path = folder.file("open.mp4");
  make_video(path,
             {.frames = 75,
              .coding = "x264enc speed-preset=veryfast key-int-max=12 bframes=3 b-adapt=false "
                        "option-string=open-gop=1:scenecut=0 quantizer=20 pass=quant ! mp4mux"});
  for (int first = 0; first < 70; first += 3) {
    Player player{{{.location = path, .in = 40ms * first, .duration = 200ms}}};
    EXPECT_EQ(numbers(play_all(player)), count(first, 5));
  }
}

// White in the upper field of each picture, black in the lower.
TEST(InterlacedPictures, AreDeinterlaced) {
  TempFolder folder;
  const auto path = folder.file("interlaced.mp4");
  const auto pipeline = retain(gst_parse_launch(
      ("videotestsrc pattern=blink num-buffers=20 ! video/x-raw,format=I420,width=160,height=96,"
       "framerate=50/1 ! interlace field-pattern=1:1 ! x264enc interlaced=true quantizer=10 "
       "pass=quant ! mp4mux ! filesink location=" +
       path)
          .c_str(),
      nullptr));
  ASSERT_TRUE(run_to_eos(pipeline.get()));
  Player player{{{.location = path, .duration = 200ms}}};
  player.play();
  int frames = 0;
  while (const auto buffer = player.pull()) {
    GstMapInfo map;
    ASSERT_TRUE(gst_buffer_map(buffer.get(), &map, GST_MAP_READ));
    const int field = map.data[40 * 160 + 80];
    EXPECT_TRUE(field < 40 || field > 210) << field;
    for (int y = 8; y < 88; ++y) EXPECT_NEAR(map.data[y * 160 + 80], field, 12) << "line " << y;
    gst_buffer_unmap(buffer.get(), &map);
    ++frames;
  }
  EXPECT_EQ(frames, 5);
}

// A participant whose browser changes the picture's size, as a bare stream has it.
TEST(PicturesThatChangeTheirSize, FillTheSameTileAtTheirTime) {
  TempFolder folder;
  std::string stream;
  for (const Size size : {Size{160, 96}, Size{320, 192}, Size{160, 96}}) {
    const auto part = folder.file("part.264");
    make_video(part,
               {.frames = 10,
                .size = size,
                .coding = "x264enc speed-preset=ultrafast bframes=0 quantizer=20 pass=quant ! "
                          "video/x-h264,stream-format=byte-stream"});
    std::ifstream file{part, std::ios::binary};
    stream.append(std::istreambuf_iterator<char>{file}, {});
  }
  const auto path = folder.file("changing.264");
  std::ofstream{path, std::ios::binary} << stream;
  Player player{{{.location = path, .duration = 1200ms, .size = {160, 96}}}};
  auto due = count(0, 10);
  for (int part = 0; part < 2; ++part)
    for (const int n : count(0, 10)) due.push_back(n);
  EXPECT_EQ(numbers(play_all(player)), due);
}

// Its parser would leave out the first picture, the only one with a time, as one before the seek.
TEST(ABareStreamWithoutTimes, IsCountedFromItsBeginningWhereverAClipBegins) {
  TempFolder folder;
  const auto path = folder.file("bare.264");
  make_video(path, {.frames = 30,
                    .coding = "openh264enc bitrate=2000000 ! "
                              "video/x-h264,stream-format=byte-stream,alignment=au"});
  Player player{{{.location = path, .start = 0ns, .in = 400ms, .duration = 400ms},
                 {.location = path, .start = 400ms, .in = 200ms, .duration = 200ms}}};
  auto due = count(10, 10);
  for (const int n : count(5, 5)) due.push_back(n);
  EXPECT_EQ(numbers(play_all(player)), due);
}

// GStreamer 1.22 takes a movie that its matrix makes larger for one that stands on its head.
TEST(ScaledMovies, StandUpright) {
  TempFolder folder;
  const auto path = folder.file("scaled.mp4");
  make_video(path, {.frames = 5});
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  const auto matrix = bytes.find("mvhd") + 4 + 36;
  ASSERT_LT(matrix, bytes.size());
  for (const auto at : {matrix, matrix + 16}) bytes.replace(at, 4, std::string{"\0\1\xa8\0", 4});
  file.clear();
  file.seekp(0);
  file << bytes;
  file.close();
  EXPECT_EQ(orientation_in_file(path), GST_VIDEO_ORIENTATION_IDENTITY);
  Player player{{{.location = path, .duration = 200ms}}};
  EXPECT_EQ(numbers(play_all(player)), count(0, 5));
}

TEST(Orientation, IsOnlyToldOfMp4) {
  TempFolder folder;
  const auto path = folder.file("a.mkv");
  make_video(path, {.frames = 2, .coding = "x264enc ! matroskamux"});
  EXPECT_FALSE(orientation_in_file(path));
  EXPECT_FALSE(orientation_in_file(folder.file("missing.mp4")));
}

}  // namespace
}  // namespace rostrum::test
