// SPDX-License-Identifier: LGPL-2.1-or-later
// Media with more streams than are wanted, and with pictures of more than eight bits.
#include "timeline_harness.h"

#include "engine/probe.h"

#include <fstream>
#include <numeric>

namespace rostrum::test {
namespace {

std::vector<int> all_of(int frames) {
  std::vector<int> numbers(static_cast<std::size_t>(frames));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

// The numbered picture, and beside it what `branches` put into the same file.
void make_with(const std::string& path, const std::string& branches, const std::string& muxer) {
  make_video(path, {.frames = 25,
                    .coding = "x264enc speed-preset=ultrafast quantizer=20 pass=quant ! m. " +
                              branches + " " + muxer + " name=m"});
}

constexpr char kSecondPicture[] =
    "videotestsrc pattern=white num-buffers=25 ! video/x-raw,width=320,height=192,framerate=25/1 ! "
    "x264enc ! m.";
constexpr char kSound[] = "audiotestsrc num-buffers=50 ! avenc_aac ! m.";

// The last track of that kind becomes one that nobody can decode.
void make_unknown(const std::string& path, const std::string& coding) {
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  const auto entry = bytes.rfind(coding);
  ASSERT_NE(entry, std::string::npos);
  file.clear();
  file.seekp(static_cast<std::streamoff>(entry));
  file << "zzzz";
}

void expect_plays(const std::string& path) {
  Player player{{{.location = path, .duration = 1s, .size = {160, 96}}}};
  EXPECT_EQ(numbers(play_all(player)), all_of(25));
}

TEST(SeveralPictures, TheFirstIsMeant) {
  TempFolder folder;
  for (const std::string muxer : {"mp4mux", "matroskamux"}) {
    SCOPED_TRACE(muxer);
    const auto path = folder.file(muxer);
    make_with(path, kSecondPicture, muxer);
    const auto info = probe(path);
    EXPECT_EQ(info.problem + info.note, "");
    EXPECT_EQ(info.video->width, 160);
    expect_plays(path);
  }
}

TEST(StreamsThatNobodyCanDecode, AreNoLossBesideThoseThatCan) {
  TempFolder folder;
  const auto path = folder.file("a.mp4");
  make_with(path, kSecondPicture, "mp4mux");
  make_unknown(path, "avc1");
  const auto info = probe(path);
  EXPECT_EQ(info.problem + info.note, "");
  expect_plays(path);
}

TEST(StreamsThatNobodyCanDecode, AreSaidWhereNoOtherOfTheirKindIsThere) {
  TempFolder folder;
  const auto path = folder.file("a.mp4");
  make_with(path, kSound, "mp4mux");
  EXPECT_EQ(probe(path).note, "");
  make_unknown(path, "mp4a");
  const auto info = probe(path);
  EXPECT_EQ(info.problem, "");
  EXPECT_FALSE(info.audio);
  EXPECT_NE(info.note, "");
  expect_plays(path);
}

TEST(TenBits, ArePlayedAndHdrIsSaid) {
  TempFolder folder;
  for (const std::string colours : {"bt709", "bt2100-hlg", "bt2100-pq"}) {
    SCOPED_TRACE(colours);
    const auto path = folder.file(colours + ".mp4");
    make_video(path,
               {.frames = 25,
                .coding = "videoconvert ! capssetter caps=video/x-raw,colorimetry=" + colours +
                          " ! videoconvert ! video/x-raw,format=I420_10LE,colorimetry=" + colours +
                          " ! x264enc speed-preset=ultrafast quantizer=20 pass=quant ! "
                          "mp4mux"});
    const auto info = probe(path);
    EXPECT_EQ(info.problem, "");
    const std::string light = colours == "bt2100-hlg"  ? "HDR (HLG)"
                              : colours == "bt2100-pq" ? "HDR (PQ)"
                                                       : "";
    EXPECT_EQ(info.note.find(light) != std::string::npos, true) << info.note;
    EXPECT_EQ(info.note.empty(), light.empty());
    expect_plays(path);
  }
}

}  // namespace
}  // namespace rostrum::test
