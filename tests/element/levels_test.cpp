// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/level_cache.h"

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

MediaRefs refs(const MediaMap& media) {
  MediaRefs found;
  for (const auto& [id, info] : media) found.emplace(id, &info);
  return found;
}

// What workers do.
Result<std::vector<HeardSound>> in_this_process(const std::vector<ToHear>& media) {
  std::vector<HeardSound> heard;
  for (const auto& [path, duration, listening] : media)
    heard.push_back({measure_levels(path, duration, listening), ""});
  return heard;
}

TEST(Levels, AreTheRmsOfEachTenthOfASecond) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path, std::string{kTone} +
                 "441 num-buffers=105 ! audio/x-raw,rate=44100,channels=1,format=S16LE ! wavenc");
  const auto levels = measure_levels(path, 1050ms);
  ASSERT_EQ(levels.rms.size(), 11U);  // the last window is half as long
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(levels.rms[i], -90, 1) << i;
  EXPECT_NEAR(levels.rms.back(), -90, 5);
}

TEST(Levels, OfSilenceAndOfWhatIsNotThereAreSilent) {
  const TempFolder folder;
  const auto path = folder.file("silent.wav");
  make(path,
       "audiotestsrc wave=silence samplesperbuffer=480 num-buffers=50 ! "
       "audio/x-raw,rate=48000,channels=2,format=F32LE ! wavenc");
  EXPECT_EQ(measure_levels(path, 800ms).rms, (Levels(8, kSilentLevel)));
  EXPECT_EQ(measure_levels(folder.file("nothing.wav"), 300ms).rms, (Levels(3, kSilentLevel)));
}

TEST(Levels, LoudnessAndPeaksAreThoseBehindAHighPass) {
  const TempFolder folder;
  const auto path = folder.file("hum.wav");
  make(path,
       "audiotestsrc freq=40 volume=0.5 samplesperbuffer=480 num-buffers=200 ! "
       "audio/x-raw,rate=48000,channels=2,format=F32LE ! wavenc");
  const auto all = measure_levels(path, 2s, {.loudness = true});
  const auto above = measure_levels(path, 2s, {.loudness = true, .high_pass = 160});
  EXPECT_EQ(all.rms, above.rms) << "who talks does not hang on it";
  EXPECT_NEAR(above.peaks[15], all.peaks[15] - 241, 2);  // two octaves below
  EXPECT_NEAR(above.loudness[15], all.loudness[15] - 241, 2);
  const LevelCache cache{folder.file("cache")};
  cache.store("x", all);
  cache.store("x", above, 160);
  EXPECT_EQ(cache.find("x"), all);
  EXPECT_EQ(cache.find("x", 160), above);
  EXPECT_TRUE(cache.find("x", 80).loudness.empty());
}

// A tone on the left alone: in the mean it has half its amplitude, a quarter of its power.
TEST(Levels, OfOneChannelAreThoseOfTheMean) {
  const TempFolder folder;
  const auto path = folder.file("left.wav");
  make(path,
       "audiotestsrc freq=1000 volume=0.5 samplesperbuffer=480 num-buffers=200 ! "
       "audio/x-raw,rate=48000,channels=1 ! audioconvert mix-matrix=<<1.0>,<0.0>> ! "
       "audio/x-raw,channels=2,format=F32LE,channel-mask=(bitmask)0x3 ! wavenc");
  const auto both = measure_levels(path, 2s, {.loudness = true});
  const auto one = measure_levels(path, 2s, {.loudness = true, .mono = true});
  EXPECT_EQ(both.rms, one.rms) << "who talks does not hang on it";
  EXPECT_NEAR(one.loudness[15], both.loudness[15] - 60, 1);
  EXPECT_NEAR(one.peaks[15], both.peaks[15] - 60, 1);
  const LevelCache cache{folder.file("cache")};
  cache.store("x", one, 0, true);
  EXPECT_EQ(cache.find("x", 0, true), one);
  EXPECT_TRUE(cache.find("x").loudness.empty());
}

// At a bitrate at which nothing is left to the decoder's own noise (AAC's PNS).
std::string half_a_minute_of_noise(const TempFolder& folder) {
  const auto path = folder.file("noise.m4a");
  make(path,
       "audiotestsrc wave=pink-noise volume=0.3 samplesperbuffer=4800 num-buffers=310 ! "
       "audio/x-raw,rate=48000,channels=1 ! avenc_aac bitrate=256000 ! mp4mux");
  return path;
}

// Of a mono medium one channel is measured; it counts as the two that play it.
TEST(Levels, OfEqualChannelsAreThoseOfBoth) {
  const TempFolder folder;
  const auto path = half_a_minute_of_noise(folder);
  const auto both = measure_levels(path, 31s, {.loudness = true});
  const auto one = measure_levels(path, 31s, {.loudness = true, .equal_channels = true});
  EXPECT_EQ(one.rms, both.rms);
  EXPECT_EQ(one.peaks, both.peaks);
  ASSERT_EQ(one.loudness.size(), 310U);
  for (std::size_t w = 0; w < 310; ++w) EXPECT_NEAR(one.loudness[w], both.loudness[w], 1) << w;
}

TEST(Levels, OfBothChannelsCountTogether) {
  const TempFolder folder;
  const auto path = folder.file("left.wav");
  make(path, std::string{kTone} +
                 "480 num-buffers=40 ! audio/x-raw,rate=48000,channels=1 ! "
                 "audioconvert mix-matrix=<<1.0>,<0.0>> ! "
                 "audio/x-raw,channels=2,channel-mask=(bitmask)0x3 ! wavenc");
  const auto levels = measure_levels(path, 400ms);
  for (const auto level : levels.rms) EXPECT_NEAR(level, -120, 1);
}

TEST(Levels, AreMeasuredOnceForEachContent) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path,
       std::string{kTone} + "480 num-buffers=40 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  const MediaMap media{{"mic", probe(path, {})}, {"picture", MediaInfo{}}};
  const LevelCache cache{folder.file("cache/levels")};
  const auto first = all_levels(refs(media), cache, in_this_process);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(first->at("mic").rms.size(), 4U);
  // The second time they come from the cache: told by putting others there.
  namespace fs = std::filesystem;
  const auto kept = fs::directory_iterator { folder.file("cache/levels") } -> path();
  cache.store(kept.filename().string(), {{1, 2, 3}, {}, {}});
  EXPECT_EQ(all_levels(refs(media), cache, in_this_process)->at("mic").rms, (Levels{1, 2, 3}));
  std::ofstream{kept} << "damaged";
  EXPECT_EQ(all_levels(refs(media), cache, in_this_process)->at("mic"), first->at("mic"));
  EXPECT_EQ(all_levels(refs(media), LevelCache{"/proc/none"}, in_this_process)->at("mic"),
            first->at("mic"));
}

TEST(Levels, OfAPartAreThoseOfTheWhole) {
  const TempFolder folder;
  const auto path = half_a_minute_of_noise(folder);
  const auto whole = measure_levels(path, 31s, {.loudness = true});
  const auto part =
      measure_levels(path, 31s, {.loudness = true, .parts = {{{5s, 10s}, {20s, 25s}}}});
  ASSERT_EQ(part.rms.size(), 310U);
  for (std::size_t w = 0; w < 310; ++w) {
    const bool asked = (w >= 50 && w < 100) || (w >= 200 && w < 250);
    EXPECT_EQ(part.rms[w], asked ? whole.rms[w] : kUnmeasured) << w;
    EXPECT_EQ(part.loudness[w], asked ? whole.loudness[w] : kUnmeasured) << w;
    EXPECT_EQ(part.peaks[w], asked ? whole.peaks[w] : kUnmeasured) << w;
  }
}

TEST(Levels, AreAddedToThoseThatAreKnown) {
  const TempFolder folder;
  const auto path = half_a_minute_of_noise(folder);
  const MediaMap media{{"a", probe(path, {})}, {"twin", probe(path, {})}};
  const LevelCache cache{folder.file("cache/levels")};
  Nanoseconds listened{0};
  const auto hear = [&](SoundParts parts) {
    return all_levels(
        refs(media), cache, in_this_process,
        {.parts = std::move(parts), .on_begin = [&](Nanoseconds total) { listened = total; }});
  };
  const auto first = hear({{"a", {{6s, 7s}}}, {"twin", {{6s, 8s}, {21s, 22s}}}});
  ASSERT_TRUE(first);
  EXPECT_EQ(listened, 3s);  // of both at once
  EXPECT_EQ(first->at("a"), first->at("twin"));
  EXPECT_EQ(first->at("a").rms[59], kUnmeasured);
  EXPECT_GT(first->at("a").rms[60], -300);
  ASSERT_TRUE(hear({{"a", {{6s, 8s}}}, {"twin", {}}}));
  EXPECT_EQ(listened, 0s);
  const auto all = hear({});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->at("a").rms, measure_levels(path, media.at("a").duration).rms);
}

// Long programmes are measured in pieces: what lies across the seam is measured as elsewhere.
TEST(Programme, IsAsLoudAcrossASeamAsWithinAPiece) {
  const TempFolder folder;
  const auto measured = [&](int seconds) {
    const auto path = folder.file("programme.wav");
    const auto part = [](const std::string& wave, int buffers) {
      return "audiotestsrc " + wave +
             " samplesperbuffer=800 num-buffers=" + std::to_string(buffers) +
             " ! audio/x-raw,rate=8000,channels=1,format=S16LE ! c. ";
    };
    make(path, "concat name=c ! wavenc name=f  " + part("wave=silence", seconds * 10 - 3) +
                   part("freq=1000 volume=0.5", 5) + part("wave=silence", 100) + " f.");
    return measure_programme(path, Nanoseconds{std::chrono::seconds{seconds}} + 10200ms, 2).value();
  };
  const auto within = measured(100);
  const auto across = measured(600);
  EXPECT_NEAR(within.integrated.value(), -8, 1);  // half a second of -6, and blocks of less
  EXPECT_NEAR(across.integrated.value(), within.integrated.value(), 0.02);
  EXPECT_NEAR(across.true_peak.value(), within.true_peak.value(), 0.1);
  EXPECT_NEAR(within.true_peak.value(), -6, 0.2);
}

// At 149.5 s, where listening to the second piece begins, the wave is at its highest.
TEST(Programme, HasNoPeakOfBeingCutIntoPieces) {
  const TempFolder folder;
  const auto path = folder.file("programme.wav");
  make(path,
       "audiotestsrc freq=100.00167224 volume=0.5 samplesperbuffer=48000 num-buffers=160 ! "
       "audio/x-raw,rate=48000,channels=1,format=S16LE ! wavenc");
  const auto duration = probe(path, {}).duration;
  const auto measured = measure_programme(path, duration, 2).value();
  EXPECT_EQ(duration, 160s);
  EXPECT_NEAR(measured.true_peak.value(), -6.02, 0.05);
}

TEST(Levels, StandWhereAClockThatRunsOffIsPutRight) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path,
       std::string{kTone} + "48 num-buffers=2006 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  const SoundClock clock{.off = 3'000'000};
  const auto levels = measure_levels(path, 2500ms, {.clock = clock});
  ASSERT_EQ(levels.rms.size(), 25U);
  EXPECT_NEAR(levels.rms[19], -90, 1);
  EXPECT_EQ(levels.rms[20], kSilentLevel);

  auto info = probe(path, {});
  const LevelCache cache{folder.file("cache/levels")};
  EXPECT_EQ(all_levels({{"mic", &info}}, cache, in_this_process)->at("mic").rms.size(), 21U);
  settle_clock(info, clock.factor());
  EXPECT_EQ(all_levels({{"mic", &info}}, cache, in_this_process)->at("mic").rms.size(), 20U);
}

TEST(Levels, SayHowFarTheyAre) {
  const TempFolder folder;
  const auto path = folder.file("long.wav");
  make(path,
       std::string{kTone} + "48000 num-buffers=3 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  std::vector<Nanoseconds> positions;
  measure_levels(path, 3s, {}, [&](Nanoseconds position) { positions.push_back(position); });
  ASSERT_GE(positions.size(), 3U);
  EXPECT_EQ(positions.front(), 0s);
  EXPECT_GE(positions.back(), 2s);
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
}

TEST(Levels, OfWhatCannotBeMeasuredAreNotKept) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path,
       std::string{kTone} + "480 num-buffers=40 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  const MediaMap media{{"mic", probe(path, {})}, {"twin", probe(path, {})}};
  const LevelCache cache{folder.file("cache/levels")};
  const Listen broken = [](const std::vector<ToHear>& wanted) {
    return Result<std::vector<HeardSound>>{
        std::vector<HeardSound>(wanted.size(), {{{kSilentLevel}, {}, {}}, "its decoder crashes"})};
  };
  std::vector<std::string> said;
  const auto note = [&](const std::string& asset, const std::string& problem) {
    said.push_back(asset + ": " + problem);
  };
  const auto first = all_levels(refs(media), cache, broken, {.on_problem = note});
  ASSERT_TRUE(first);
  EXPECT_EQ(first->at("twin").rms, Levels{kSilentLevel});
  EXPECT_EQ(said,
            (std::vector<std::string>{"mic: its decoder crashes", "twin: its decoder crashes"}));
  EXPECT_GT(all_levels(refs(media), cache, in_this_process)->at("mic").rms.front(), -100);
}

TEST(Levels, CannotBeKnownWhereListeningFails) {
  const TempFolder folder;
  const auto path = folder.file("tone.wav");
  make(path,
       std::string{kTone} + "480 num-buffers=40 ! audio/x-raw,rate=48000,channels=1 ! wavenc");
  const Listen stopped = [](const auto&) -> Result<std::vector<HeardSound>> {
    return fail(Kind::interrupted, "interrupted");
  };
  const auto info = probe(path, {});
  const auto found = all_levels({{"mic", &info}}, LevelCache{folder.file("cache/levels")}, stopped);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, Kind::interrupted);
}

}  // namespace
}  // namespace rostrum
