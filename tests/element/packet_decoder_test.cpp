// SPDX-License-Identifier: LGPL-2.1-or-later
// Media that are decoded without a pipeline sound as they do with one, to the sample; those that
// are not surely alike are left to the pipeline.
#include "engine/packet_decoder.h"

#include "engine/clip_decoder.h"
#include "timeline_harness.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

namespace rostrum::test {
namespace {

struct Piece {
  Nanoseconds time{0};
  std::vector<std::uint8_t> bytes;

  friend bool operator==(const Piece&, const Piece&) = default;
};

struct Sound {
  Nanoseconds first{0};
  std::int64_t first_frames = 0;
  std::vector<Piece> pieces;
};

// What is decoded only for what follows it is left out: demuxers differ in how much they give.
Sound all_of(MediumDecoder& decoder, Nanoseconds from = 0ns) {
  Sound sound;
  GstPtr<GstSample> sample;
  while (decoder.pull(10s, sample) == MediumDecoder::Pull::sample) {
    if (decoder.time_of(sample.get()) < from - kSoundPreroll / 2) continue;
    GstMapInfo map;
    auto* buffer = gst_sample_get_buffer(sample.get());
    gst_buffer_map(buffer, &map, GST_MAP_READ);
    sound.pieces.push_back({decoder.time_of(sample.get()), {map.data, map.data + map.size}});
    gst_buffer_unmap(buffer, &map);
  }
  if (const auto first = decoder.first_sound()) {
    sound.first = first->time;
    sound.first_frames = first->frames;
  }
  return sound;
}

// The first thing that differs; "" = nothing.
std::string difference(const Sound& a, const Sound& b) {
  if (a.first != b.first || a.first_frames != b.first_frames) return "the first sound";
  for (std::size_t i = 0; i < std::min(a.pieces.size(), b.pieces.size()); ++i) {
    const auto where = " of piece " + std::to_string(i) + " at " + format_time(b.pieces[i].time);
    if (a.pieces[i].time != b.pieces[i].time) return "the time" + where;
    if (a.pieces[i].bytes.size() != b.pieces[i].bytes.size()) return "the length" + where;
    if (a.pieces[i].bytes != b.pieces[i].bytes) return "the samples" + where;
  }
  // GStreamer 1.22 leaves out the last packet where an edit list ends within the movie's last one.
  const bool later = a.pieces.size() == b.pieces.size() + 1;
  if (later || a.pieces.size() == b.pieces.size()) return "";
  const auto& longer = a.pieces.size() > b.pieces.size() ? a.pieces : b.pieces;
  return std::to_string(a.pieces.size()) + " pieces, not " + std::to_string(b.pieces.size()) +
         "; the last has " + std::to_string(longer.back().bytes.size()) + " bytes";
}

class PacketDecoding : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("ffmpeg -version >/dev/null 2>&1") != 0) GTEST_SKIP() << "there is no ffmpeg";
  }
  // Four seconds of noise that is louder and louder; without noise that decoders make up.
  std::string make(const std::string& name, const std::string& options) {
    const auto path = folder_.file(name);
    const auto command =
        "ffmpeg -v error -y -f lavfi -i 'anoisesrc=r=48000:d=4:seed=5,volume=t/8:eval=frame' " +
        options + " " + path;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return path;
  }
  std::shared_ptr<DecoderSignal> signal() const { return std::make_shared<DecoderSignal>(); }
  std::unique_ptr<PacketDecoder> open(const std::string& path, Nanoseconds from = 0ns) const {
    return PacketDecoder::open(path, from, signal());
  }

  void expect_alike(const std::string& path) {
    for (const auto from :
         {0ns, 10'000'000ns, 1'000'000'000ns, 2'345'678'901ns, 3'990'000'000ns, 60'000'000'000ns}) {
      SCOPED_TRACE(path + " from " + std::to_string(from.count()));
      const auto ours = open(path, from);
      ASSERT_TRUE(ours);
      ClipDecoder theirs{path, Wanted::audio, from, signal()};
      const auto expected = all_of(theirs, from);
      const auto found = all_of(*ours, from);
      EXPECT_EQ(difference(found, expected), "");
    }
  }

  TempFolder folder_;
};

constexpr char kAac[] = "-c:a aac -aac_pns 0 ";

TEST_F(PacketDecoding, SoundsAsByAPipeline) {
  expect_alike(make("mono.m4a", std::string{kAac} + "-ac 1"));
  expect_alike(make("stereo.m4a", std::string{kAac} + "-ac 2 -ar 44100 -movflags +faststart"));
  expect_alike(make("narrow.m4a", std::string{kAac} + "-ac 1 -ar 16000"));
}

TEST_F(PacketDecoding, SoundsAsByAPipelineBesideAPicture) {
  expect_alike(make("film.mp4", "-f lavfi -i testsrc2=d=4:s=160x96 -c:v libx264 -bf 2 -ac 1 " +
                                    std::string{kAac}));
}

TEST_F(PacketDecoding, ObeysAnEditList) {
  const auto whole = make("whole.m4a", std::string{kAac} + "-ac 1");
  const auto late = folder_.file("late.m4a");
  ASSERT_EQ(
      std::system(("ffmpeg -v error -itsoffset 0.517 -i " + whole + " -c copy " + late).c_str()),
      0);
  expect_alike(late);
  const auto cut = folder_.file("cut.m4a");
  ASSERT_EQ(std::system(("ffmpeg -v error -ss 1.013 -i " + whole + " -t 2 -c copy " + cut).c_str()),
            0);
  expect_alike(cut);
}

// Where a recording was joined of parts, and where times are milliseconds.
TEST_F(PacketDecoding, SoundsAsByAPipelineWhereTimesAreUneven) {
  const auto part = make("part.m4a", std::string{kAac} + "-ac 1 -t 1.01");
  const auto joined = folder_.file("joined.m4a");
  const auto command = "ffmpeg -v error -ss 0.1 -stream_loop 3 -i " + part + " -c copy " + joined;
  ASSERT_EQ(std::system(command.c_str()), 0);
  expect_alike(joined);
  expect_alike(make("coarse.mp4", std::string{kAac} + "-ac 1 -video_track_timescale 1000"
                                                      " -movie_timescale 1000"));
}

TEST_F(PacketDecoding, SoundsAsByAPipelineWithoutAnEditList) {
  const auto path = folder_.file("plain.mp4");
  const auto pipeline = retain(
      gst_parse_launch(("audiotestsrc wave=pink-noise num-buffers=200 ! audio/x-raw,channels=1 ! "
                        "avenc_aac aac-pns=false ! aacparse ! mp4mux ! filesink location=" +
                        path)
                           .c_str(),
                       nullptr));
  ASSERT_TRUE(run_to_eos(pipeline.get()));
  expect_alike(path);
}

TEST_F(PacketDecoding, SeeksAsIfOpenedThere) {
  const auto path = make("medium.m4a", std::string{kAac} + "-ac 1");
  for (const auto to : {2'500'000'000ns, 700'000'000ns}) {
    const auto decoder = open(path, 1s);
    ASSERT_TRUE(decoder);
    GstPtr<GstSample> sample;
    for (int i = 0; i < 7; ++i) ASSERT_EQ(decoder->pull(1s, sample), MediumDecoder::Pull::sample);
    decoder->seek(to);
    const auto there = open(path, to);
    EXPECT_EQ(difference(all_of(*decoder), all_of(*there)), "");
  }
}

// ffmpeg decodes with the same library.
TEST_F(PacketDecoding, IsHeardToTheLastSample) {
  const auto path = make("medium.m4a", std::string{kAac} + "-ac 1");
  const auto raw = folder_.file("raw");
  const auto command = "ffmpeg -v error -i " + path + " -f f32le " + raw;
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::vector<float> expected(4 * kSoundRate);
  std::ifstream{raw, std::ios::binary}.read(
      reinterpret_cast<char*>(expected.data()),
      static_cast<std::streamsize>(expected.size() * sizeof(float)));
  Player player{{{.location = path, .duration = 4s}}};
  player.set_text("media", "audio").play();
  std::vector<float> heard;
  while (auto buffer = player.pull()) {
    std::vector<float> both(gst_buffer_get_size(buffer.get()) / sizeof(float));
    gst_buffer_extract(buffer.get(), 0, both.data(), both.size() * sizeof(float));
    for (std::size_t i = 0; i < both.size(); i += kSoundChannels) heard.push_back(both[i]);
  }
  EXPECT_TRUE(heard == expected);
}

// What a decoder makes up instead of noise is the same for the same packets.
TEST_F(PacketDecoding, IsTheSameEachTime) {
  const auto path = make("noise.m4a", "-c:a aac -b:a 32k -ac 1");
  EXPECT_EQ(difference(all_of(*open(path, 1s)), all_of(*open(path, 1s))), "");
}

TEST_F(PacketDecoding, StopsAtOnceWhenFlushed) {
  const auto flushed = signal();
  const auto decoder =
      PacketDecoder::open(make("medium.m4a", std::string{kAac} + "-ac 1"), 0ns, flushed);
  ASSERT_TRUE(decoder);
  flushed->set_flushing(true);
  GstPtr<GstSample> sample;
  EXPECT_EQ(decoder->pull(10s, sample), MediumDecoder::Pull::flushing);
}

// The index promises more than can be read now: the medium's disk is at fault, not the medium.
TEST_F(PacketDecoding, SaysThatItCannotBeReadAnyMore) {
  const auto path = make("cut.m4a", std::string{kAac} + "-ac 2 -b:a 256k -movflags +faststart");
  const auto decoder = open(path, 0ns);
  ASSERT_TRUE(decoder);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 10);
  GstPtr<GstSample> sample;
  auto pulled = MediumDecoder::Pull::sample;
  while (pulled == MediumDecoder::Pull::sample) pulled = decoder->pull(10s, sample);
  EXPECT_EQ(pulled, MediumDecoder::Pull::failed);
  EXPECT_EQ(decoder->failure().what, kReadError);
}

// A packet of noise in the middle: what comes before it and what comes after is decoded.
TEST_F(PacketDecoding, GoesOnBehindDamage) {
  const auto path = make("damaged.m4a", std::string{kAac} + "-ac 1 -movflags +faststart");
  const auto packets = AacPackets::open(path);
  ASSERT_TRUE(packets);
  const auto run = packets->track().run_from(80, 1);
  std::fstream{path, std::ios::binary | std::ios::in | std::ios::out}
      .seekp(static_cast<std::streamoff>(run.offset))
      .write(std::string(run.bytes, '\xa5').data(), static_cast<std::streamsize>(run.bytes));
  expect_alike(path);
}

TEST_F(PacketDecoding, LeavesOtherMediaToThePipeline) {
  const std::string picture = "-f lavfi -i testsrc2=d=4:s=160x96 -c:v libx264 ";
  const std::pair<const char*, std::string> kOthers[] = {
      {"a.ogg", "-c:a libvorbis"},
      {"b.flv", "-c:a aac"},
      {"c.mp4", "-c:a eac3"},
      {"d.mp4", "-c:a ac3"},
      {"e.mkv", "-c:a aac"},
      {"f.mkv", "-c:a pcm_s16le"},
      {"g.mov", "-c:a pcm_s16le"},
      {"h.mov", "-c:a aac"},
      {"i.mp4", "-c:a libmp3lame"},
      {"j.mp4", "-c:a libopus"},
      {"k.m4a", "-c:a alac"},
      {"l.mp4", "-map 0 -map 0 -c:a aac"},
      {"m.mp4", "-c:a aac -movflags +frag_keyframe+empty_moov"},
      {"n.mp4", "-c:a aac -ac 6"},
      {"o.aac", "-c:a aac"},
      {"p.ts", picture + "-c:a aac"},
      {"q.mp4", picture + "-c:a aac -af asetpts=PTS+0.5/TB"},
  };
  for (const auto& [name, options] : kOthers)
    EXPECT_FALSE(open(make(name, options))) << name << ": " << options;
}

TEST_F(PacketDecoding, LeavesDamagedMediaToThePipeline) {
  const auto path = make("cut.m4a", std::string{kAac} + "-ac 1 -movflags +faststart");
  EXPECT_TRUE(open(path));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 100);
  EXPECT_FALSE(open(path));
  EXPECT_FALSE(open(folder_.file("missing.m4a")));
}

}  // namespace
}  // namespace rostrum::test
