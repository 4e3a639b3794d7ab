// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/probe.h"

#include "media_maker.h"

#include <gst/gst.h>
#include <sys/stat.h>

#include <condition_variable>
#include <mutex>

using namespace rostrum;
using test::Folder;
using test::Mp4;

namespace {

void expect_seconds(const MediaInfo& info, double low, double high) {
  EXPECT_EQ(info.problem, "");
  EXPECT_GE(to_seconds(info.duration), low) << info.path;
  EXPECT_LE(to_seconds(info.duration), high) << info.path;
}

// All the places where an MP4 says how long it is.
void claim_duration(std::string& bytes, std::uint32_t value) {
  test::put_u32(bytes, test::find_box(bytes, "mvhd") + 24, value);
  for (int track = 0; test::find_box(bytes, "tkhd", track) != bytes.npos; ++track) {
    test::put_u32(bytes, test::find_box(bytes, "tkhd", track) + 28, value);
    test::put_u32(bytes, test::find_box(bytes, "mdhd", track) + 24, value);
    if (const auto edit = test::find_box(bytes, "elst", track); edit != bytes.npos)
      test::put_u32(bytes, edit + 16, value);
  }
}

}  // namespace

TEST(Probe, FindsPictureSoundAndDuration) {
  Folder dir;
  test::make_mp4(dir / "a.mp4");
  const auto info = probe(dir / "a.mp4");
  ASSERT_TRUE(info.video);
  EXPECT_EQ(*info.video, (VideoInfo{320, 240, {25, 1}}));
  ASSERT_TRUE(info.audio);
  EXPECT_EQ(*info.audio, (AudioInfo{48000, 1, true})) << "AAC-LC";
  EXPECT_EQ(info.path, dir / "a.mp4");
  EXPECT_EQ(info.pages, 0);
  expect_seconds(info, 2.0, 2.05);
}

TEST(Probe, VideoAloneLastsToTheEndOfItsLastFrame) {
  Folder dir;
  test::make_mp4(dir / "a.mp4", {.sound = false});
  const auto info = probe(dir / "a.mp4");
  EXPECT_FALSE(info.audio);
  EXPECT_EQ(info.duration, 2s);
}

TEST(Probe, SizeIsOfSquarePixels) {
  Folder dir;
  test::make_mp4(dir / "a.mp4",
                 {.sound = false, .caps = "width=320,height=240,pixel-aspect-ratio=3/2"});
  const auto info = probe(dir / "a.mp4");
  ASSERT_TRUE(info.video);
  EXPECT_EQ(info.video->width, 480);
  EXPECT_EQ(info.video->height, 240);
}

TEST(Probe, SizeIsOfThePictureTurnedUpright) {
  Folder dir;
  test::make_mp4(dir / "a.mp4", {.sound = false});
  auto bytes = test::read_bytes(dir / "a.mp4");
  const auto matrix = test::find_box(bytes, "tkhd") + 8 + 40;
  test::put_u32(bytes, matrix, 0);
  test::put_u32(bytes, matrix + 4, 0x00010000);
  test::put_u32(bytes, matrix + 12, 0xffff0000);
  test::put_u32(bytes, matrix + 16, 0);
  test::write_bytes(dir / "turned.mp4", bytes);
  const auto info = probe(dir / "turned.mp4");
  ASSERT_TRUE(info.video);
  EXPECT_EQ(info.video->width, 240);
  EXPECT_EQ(info.video->height, 320);
}

TEST(Probe, DoesNotBelieveAHeaderThatClaimsTooMuch) {
  Folder dir;
  test::make_mp4(dir / "a.mp4", {.sound = false});
  auto bytes = test::read_bytes(dir / "a.mp4");
  claim_duration(bytes, 0x7fffff00);
  test::write_bytes(dir / "false.mp4", bytes);
  EXPECT_EQ(probe(dir / "false.mp4").duration, 2s);
}

TEST(Probe, OneLateTimestampDoesNotMakeAFilmOfMonths) {
  Folder dir;
  const auto make = [&](const std::string& name, const std::string& rate) {
    test::run_pipeline("videotestsrc num-buffers=5 ! video/x-raw,width=32,height=32,framerate=" +
                       rate + " ! jpegenc ! matroskamux ! filesink location=" + (dir / name));
    return probe(dir / name);
  };
  EXPECT_EQ(make("late.mkv", "1/1000000").problem,
            "its times make no sense: it would be more than 1000 hours long");
  EXPECT_EQ(make("long.mkv", "1/700000").problem, "");
}

TEST(Probe, AFileThatWasCutOffLastsAsLongAsItsPackets) {
  Folder dir;
  test::make_mp4(dir / "a.mp4", {.frames = 1500});
  const auto bytes = test::read_bytes(dir / "a.mp4");
  const auto media = test::find_box(bytes, "mdat");
  test::write_bytes(dir / "cut.mp4", bytes.substr(0, media + (bytes.size() - media) / 3));
  expect_seconds(probe(dir / "a.mp4"), 60.0, 60.05);
  expect_seconds(probe(dir / "cut.mp4"), 18.0, 22.0);
}

TEST(Probe, AStreamWithoutADurationIsReadToItsEnd) {
  Folder dir;
  test::run_pipeline(
      "videotestsrc num-buffers=75 ! video/x-raw,width=160,height=120,framerate=25/1"
      " ! vp8enc deadline=1 ! webmmux streamable=true ! filesink location=" +
      dir / "live.webm");
  expect_seconds(probe(dir / "live.webm"), 2.96, 3.01);
}

TEST(Probe, APictureThatEndsLongBeforeTheSoundIsFoundWithoutAnIndex) {
  Folder dir;
  test::run_pipeline(
      "mpegtsmux name=mux ! filesink location=" + (dir / "a.ts") +
      " videotestsrc num-buffers=1000 ! video/x-raw,width=32,height=32,framerate=25/1"
      " ! x264enc speed-preset=ultrafast key-int-max=25 ! queue max-size-time=0 ! mux."
      " audiotestsrc samplesperbuffer=1920 num-buffers=4000 ! audio/x-raw,rate=48000,channels=1"
      " ! avenc_aac ! aacparse ! queue max-size-time=0 max-size-buffers=0 ! mux.");
  const auto info = probe(dir / "a.ts");
  expect_seconds(info, 159.9, 160.1);
  EXPECT_NEAR(to_seconds(info.picture.to), 40, 0.1);
}

TEST(Probe, ABareStreamWithoutTimesIsCounted) {
  Folder dir;
  test::run_pipeline(
      "videotestsrc num-buffers=30 ! video/x-raw,format=I420,width=160,height=96,framerate=25/1"
      " ! openh264enc ! video/x-h264,stream-format=byte-stream,alignment=au ! filesink location=" +
      (dir / "a.264"));
  const auto info = probe(dir / "a.264");
  EXPECT_EQ(info.problem, "");
  ASSERT_TRUE(info.video);
  EXPECT_EQ(info.duration, 1200ms);
}

TEST(Probe, DurationIsCountedFromTheFirstTimestamp) {
  Folder dir;
  test::run_pipeline(
      "videotestsrc num-buffers=50 timestamp-offset=22000000000"
      " ! video/x-raw,width=160,height=120,framerate=25/1 ! vp8enc deadline=1"
      " ! matroskamux ! filesink location=" +
      dir / "late.mkv");
  expect_seconds(probe(dir / "late.mkv"), 1.95, 2.01);
}

TEST(Probe, SoundAloneIsAMedium) {
  Folder dir;
  test::run_pipeline(
      "audiotestsrc num-buffers=10 samplesperbuffer=800 ! "
      "audio/x-raw,format=S16LE,rate=8000,channels=2 ! wavenc ! filesink location=" +
      dir / "a.wav");
  const auto info = probe(dir / "a.wav");
  EXPECT_FALSE(info.video);
  ASSERT_TRUE(info.audio);
  EXPECT_EQ(*info.audio, (AudioInfo{8000, 2}));
  EXPECT_EQ(info.duration, 1s);
}

TEST(Probe, SubtitlesAreNeitherWaitedForNorAProblem) {
  Folder dir;
  test::write_bytes(dir / "a.srt", "1\n00:00:01,500 --> 00:00:01,800\nhello\n");
  test::run_pipeline(
      "matroskamux name=mux ! filesink location=" + dir / "a.mkv" +
      " videotestsrc num-buffers=50 ! video/x-raw,width=160,height=120,framerate=25/1"
      " ! vp8enc deadline=1 ! queue ! mux. filesrc location=" +
      dir / "a.srt" + " ! subparse ! queue ! mux.");
  expect_seconds(probe(dir / "a.mkv"), 1.95, 2.01);
}

TEST(Probe, APictureHasAPageAndNoDuration) {
  Folder dir;
  test::run_pipeline(
      "videotestsrc num-buffers=1 ! video/x-raw,width=200,height=100 ! pngenc ! "
      "filesink location=" +
      dir / "a.png");
  const auto info = probe(dir / "a.png");
  EXPECT_EQ(info.problem, "");
  EXPECT_EQ(info.pages, 1);
  EXPECT_EQ(info.duration, 0s);
  ASSERT_TRUE(info.video);
  EXPECT_EQ(info.video->width, 200);
  EXPECT_EQ(info.video->height, 100);
}

TEST(Probe, WhatCannotBePlayedSaysWhy) {
  Folder dir;
  test::make_mp4(dir / "a.mp4", {.sound = false, .muxer = "faststart=false"});
  const auto bytes = test::read_bytes(dir / "a.mp4");
  test::write_bytes(dir / "no-index.mp4", bytes.substr(0, test::find_box(bytes, "moov")));
  test::write_bytes(dir / "empty.mp4", "");
  test::write_bytes(dir / "garbage.mp4", std::string(5000, '\x5a'));
  test::write_bytes(dir / "text.mp4", "What is this?\nNot a medium.\n");
  test::write_bytes(dir / "list.mp4",
                    "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:5,\nfile:///etc/passwd\n");
  ASSERT_EQ(mkfifo((dir / "pipe.mp4").c_str(), 0600), 0);
  const std::pair<const char*, const char*> cases[] = {
      {"no-index.mp4", "it is damaged: it has no index (moov)"},
      {"empty.mp4", "it is empty"},
      {"garbage.mp4", "it is no medium that can be read"},
      {"text.mp4", "it is no medium that can be read"},
      {"pipe.mp4", "it is a pipe, not a file"},
      {"absent.mp4", "it is missing"},
      {"", "it is a folder"},
  };
  for (const auto& [name, problem] : cases) EXPECT_EQ(probe(dir / name).problem, problem) << name;
  EXPECT_FALSE(probe(dir / "list.mp4").usable());
  EXPECT_EQ(probe("/dev/zero").problem, "it is a device, not a file");
}

// ---- a demuxer that never comes back

namespace {

struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  bool left = false;
} gate;

struct HangingDemuxer {
  GstElement parent;
};
struct HangingDemuxerClass {
  GstElementClass parent;
};
G_DEFINE_TYPE(HangingDemuxer, hanging_demuxer, GST_TYPE_ELEMENT)

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-rostrum-hang"));

GstStateChangeReturn hang(GstElement* element, GstStateChange change) {
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED) {
    std::unique_lock lock{gate.mutex};
    gate.changed.wait(lock, [] { return gate.open; });
  }
  if (change == GST_STATE_CHANGE_READY_TO_NULL) {
    const std::lock_guard lock{gate.mutex};
    gate.left = true;
    gate.changed.notify_all();
  }
  return GST_ELEMENT_CLASS(hanging_demuxer_parent_class)->change_state(element, change);
}

void hanging_demuxer_init(HangingDemuxer* self) {
  auto* pad = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(pad, [](GstPad*, GstObject*, GstBuffer* buffer) {
    gst_buffer_unref(buffer);
    return GST_FLOW_EOS;
  });
  gst_element_add_pad(GST_ELEMENT(self), pad);
}

void hanging_demuxer_class_init(HangingDemuxerClass* klass) {
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(element_class, "Hangs", "Codec/Demuxer", "Hangs", "Test");
  element_class->change_state = hang;
}

void find_hanging(GstTypeFind* find, gpointer) {
  const auto* data = gst_type_find_peek(find, 0, 4);
  if (data && std::string{data, data + 4} == "HANG")
    gst_type_find_suggest_empty_simple(find, GST_TYPE_FIND_MAXIMUM, "application/x-rostrum-hang");
}

}  // namespace

TEST(Probe, ComesBackFromADemuxerThatDoesNot) {
  // Under a name that may open media (core/media_elements.h) and that no plugin uses any more.
  gst_element_register(nullptr, "mad", GST_RANK_PRIMARY + 1, hanging_demuxer_get_type());
  gst_type_find_register(nullptr, "hanging", GST_RANK_PRIMARY + 1, find_hanging, nullptr, nullptr,
                         nullptr, nullptr);
  Folder dir;
  test::write_bytes(dir / "a.mp4", "HANG" + std::string(100, 'x'));
  EXPECT_EQ(probe(dir / "a.mp4", {.time = 200ms}).problem, "it takes too long to read");

  std::unique_lock lock{gate.mutex};
  gate.open = true;
  gate.changed.notify_all();
  EXPECT_TRUE(gate.changed.wait_for(lock, 20s, [] { return gate.left; }));
}
