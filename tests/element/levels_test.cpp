// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/levels.h"

#include "core/settle_clocks.h"
#include "engine/probe.h"
#include "test_media.h"

#include <gtest/gtest.h>

#include <fstream>

namespace rostrum {
namespace {

using test::TempFolder;

void make(const std::string& path, const std::string& launch) {
  const auto pipeline =
      retain(gst_parse_launch((launch + " ! filesink location=" + path).c_str(), nullptr));
  ASSERT_TRUE(pipeline) << launch;
  ASSERT_TRUE(test::run_to_eos(pipeline.get())) << launch;
}

// A sine at -6 dBFS (peak 0.5) has an RMS of -9 dBFS.
constexpr char kTone[] = "audiotestsrc wave=sine freq=1000 volume=0.5 samplesperbuffer=";

TEST(Levels, AreTheRmsOfEachTenthOfASecond) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path, std::string{kTone} +
                 "441 num-buffers=105 ! audio/x-raw,rate=44100,channels=1,format=S16LE ! wavenc");
  const auto levels = measure_levels(path, 1050ms);
  ASSERT_TRUE(levels) << levels.error().message;
  ASSERT_EQ(levels->rms.size(), 11U);  // the last window is half as long
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(levels->rms[i], -90, 1) << i;
  EXPECT_NEAR(levels->rms.back(), -90, 5);
}

TEST(Levels, OfSilenceAndOfWhatIsNotThereAreSilent) {
  const TempFolder folder;
  const auto path = folder.file("silent.wav");
  make(path,
       "audiotestsrc wave=silence samplesperbuffer=480 num-buffers=50 ! "
       "audio/x-raw,rate=48000,channels=2,format=F32LE ! wavenc");
  EXPECT_EQ(measure_levels(path, 800ms)->rms, (Levels(8, kSilentLevel)));
  EXPECT_EQ(measure_levels(folder.file("nothing.wav"), 300ms)->rms, (Levels(3, kSilentLevel)));
}

TEST(Levels, OfBothChannelsCountTogether) {
  const TempFolder folder;
  const auto path = folder.file("left.wav");
  make(path, std::string{kTone} +
                 "480 num-buffers=40 ! audio/x-raw,rate=48000,channels=1 ! "
                 "audioconvert mix-matrix=<<1.0>,<0.0>> ! "
                 "audio/x-raw,channels=2,channel-mask=(bitmask)0x3 ! wavenc");
  const auto levels = measure_levels(path, 400ms);
  ASSERT_TRUE(levels);
  for (const auto level : levels->rms) EXPECT_NEAR(level, -120, 1);
}

TEST(Levels, AreMeasuredOnceForEachContent) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path,
       std::string{kTone} + "480 num-buffers=40 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  const MediaMap media{{"mic", probe(path, {})}, {"picture", MediaInfo{}}};
  const LevelCache cache{folder.file("cache/levels")};
  const auto first = all_levels(media, cache);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(first->at("mic").rms.size(), 4U);
  // The second time they come from the cache: told by putting others there.
  namespace fs = std::filesystem;
  const auto kept = fs::directory_iterator { folder.file("cache/levels") } -> path();
  cache.store(kept.filename().string(), {{1, 2, 3}, {}, {}});
  EXPECT_EQ(all_levels(media, cache)->at("mic").rms, (Levels{1, 2, 3}));
  std::ofstream{kept} << "damaged";
  EXPECT_EQ(all_levels(media, cache)->at("mic"), first->at("mic"));
  EXPECT_EQ(all_levels(media, LevelCache{"/proc/none"})->at("mic"), first->at("mic"));
}

TEST(Levels, StandWhereAClockThatRunsOffIsPutRight) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path,
       std::string{kTone} + "48 num-buffers=2006 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  const SoundClock clock{.off = 3'000'000};
  const auto levels = measure_levels(path, 2500ms, false, {}, clock);
  ASSERT_TRUE(levels) << levels.error().message;
  ASSERT_EQ(levels->rms.size(), 25U);
  EXPECT_NEAR(levels->rms[19], -90, 1);
  EXPECT_EQ(levels->rms[20], kSilentLevel);

  auto info = probe(path, {});
  const LevelCache cache{folder.file("cache/levels")};
  EXPECT_EQ(all_levels({{"mic", info}}, cache)->at("mic").rms.size(), 21U);
  settle_clock(info, clock.factor());
  EXPECT_EQ(all_levels({{"mic", info}}, cache)->at("mic").rms.size(), 20U);
}

TEST(Levels, CanBeStopped) {
  const TempFolder folder;
  const auto path = folder.file("long.wav");
  make(path,
       std::string{kTone} + "48000 num-buffers=60 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  std::stop_source stop;
  stop.request_stop();
  const auto levels = measure_levels(path, 60s, false, stop.get_token());
  ASSERT_FALSE(levels);
  EXPECT_EQ(levels.error().kind, Kind::interrupted);
}

}  // namespace
}  // namespace rostrum
