// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sound_clock.h"

#include "core/clock_by_log.h"
#include "core/settle_clocks.h"
#include "core/slice.h"
#include "core/slice_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

namespace rostrum {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

// AAC by a recorder's clock: 1024 samples each, of which `pace` times as many come as the rate
// says.
struct Recording {
  double pace = 1;
  Nanoseconds length{3600s};
  Nanoseconds rounding{1ms};
  Nanoseconds scatter{0};
};

std::vector<SoundPacket> packets_of(const Recording& r) {
  std::mt19937 random{1};
  const auto most = static_cast<double>(r.scatter.count());
  std::uniform_real_distribution<double> off{-most, most};
  std::vector<SoundPacket> packets;
  const Nanoseconds packet{1'000'000'000LL * 1024 / 48000};
  for (std::int64_t n = 0;; ++n) {
    const auto exact = static_cast<double>(n) * 1024 / 48000 / r.pace * 1e9 + off(random);
    const Nanoseconds time = Nanoseconds{std::llround(exact)} / r.rounding * r.rounding;
    if (time >= r.length) return packets;
    packets.push_back({time, packet});
  }
}

TEST(SoundClock, IsFoundFromTimesThatAreRounded) {
  for (const double pace : {1.003, 1.005, 0.995, 0.9997, 1.0002, 1.0})
    EXPECT_NEAR(*pace_of(packets_of({.pace = pace})), pace, 2e-7) << pace;
}

TEST(SoundClock, IsFoundFromTimesThatScatter) {
  for (const double pace : {1.003, 0.997, 1.0002})
    EXPECT_NEAR(*pace_of(packets_of({.pace = pace, .scatter = 15ms})), pace, 1e-6) << pace;
}

TEST(SoundClock, IsSeenInTenSeconds) {
  EXPECT_NEAR(*pace_of(packets_of({.pace = 1.0002, .length = 10s})), 1.0002, 3e-5);
  EXPECT_NEAR(*pace_of(packets_of({.length = 10s, .scatter = 5ms})), 1, 1e-4);
}

TEST(SoundClock, IsNotTakenFromGapsAndJumps) {
  auto packets = packets_of({.pace = 1.001, .length = 600s});
  for (std::size_t i = packets.size() / 3; i < packets.size(); ++i) packets[i].time += 7s;
  for (std::size_t i = packets.size() / 2; i < packets.size(); ++i) packets[i].time += 81ms;
  EXPECT_NEAR(*pace_of(packets), 1.001, 1e-6);
  packets.erase(packets.begin() + 100, packets.begin() + 2000);
  EXPECT_NEAR(*pace_of(packets), 1.001, 1e-6);
}

TEST(SoundClock, IsNotGuessedFromTooLittle) {
  EXPECT_FALSE(pace_of({}));
  EXPECT_FALSE(pace_of(packets_of({.length = 3s})));
}

TEST(SoundClock, ReckonsBothWays) {
  const SoundClock stretched{.off = 3'000'000};
  EXPECT_EQ(stretched.stored_time(1000s), 1003s);
  EXPECT_EQ(stretched.medium_time(1003s), 1000s);
  EXPECT_EQ(stretched.stored_time(-1s), -1003ms);
  EXPECT_EQ(stretched.medium_time(1003h), 1000h);
  const SoundClock timed{.off = 3'000'000, .times_right = true};
  EXPECT_EQ(timed.stored_time(1000s), 1000s);
  EXPECT_EQ(timed.medium_time(1000s), 1000s);
}

TEST(SoundClock, IsLeftAloneByOrdinaryRates) {
  EXPECT_EQ(resampling_ratio({}, 44100, 48000), (ResamplingRatio{147, 160}));
  EXPECT_EQ(resampling_ratio({}, 48000, 48000), (ResamplingRatio{1, 1}));
  EXPECT_EQ(resampling_ratio({}, 8000, 48000), (ResamplingRatio{1, 6}));
}

TEST(SoundClock, BecomesASmallFraction) {
  EXPECT_EQ(resampling_ratio({.off = 3'000'000}, 48000, 48000), (ResamplingRatio{1003, 1000}));
  EXPECT_EQ(resampling_ratio({.off = -5'000'000}, 48000, 48000), (ResamplingRatio{199, 200}));
  std::mt19937 random{1};
  std::uniform_int_distribution<std::int64_t> any{-kMostOff, kMostOff};
  double worst = 0;
  for (const int rate : {8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000})
    for (int n = 0; n < 200; ++n) {
      const SoundClock clock{.off = any(random)};
      if (clock.own()) continue;
      const auto ratio = resampling_ratio(clock, rate, 48000);
      EXPECT_LE(ratio.out, 48000 * (kLongestStep / 1s));
      EXPECT_EQ(std::gcd(ratio.in, ratio.out), 1);
      const double made = static_cast<double>(ratio.in) / static_cast<double>(ratio.out);
      const double error = std::abs(made / (clock.factor() * rate / 48000) - 1);
      if (std::abs(clock.off) >= kLeastOff) worst = std::max(worst, error);
    }
  EXPECT_LE(worst, 6e-7) << "2 ms in an hour";
}

// An hour of picture and of sound, as a prober sees it.
MediaInfo film(Nanoseconds picture, Nanoseconds sound) {
  MediaInfo info;
  info.path = "x";
  info.video = VideoInfo{64, 64, {25, 1}};
  info.audio = AudioInfo{48000, 2};
  info.picture = {0ns, picture};
  info.sound = {20ms, sound};
  info.steady_picture = true;
  info.counted_times = true;
  info.duration = std::max(picture, sound);
  return info;
}

MediaInfo settled(MediaInfo info, std::optional<double> declared = {}) {
  settle_clock(info, declared);
  return info;
}

TEST(SettledClock, FollowsThePictureWhereBothWouldEndTogether) {
  const auto longer = settled(film(3600s, 3610800ms));
  EXPECT_EQ(longer.clock, (SoundClock{.off = 3'000'000}));
  EXPECT_LE(std::chrono::abs(longer.duration - 3600s), 1ms);
  EXPECT_TRUE(holds(longer.clock_why, "1:00:10.8")) << longer.clock_why;
  const auto shorter = settled(film(3600s, 3589200ms));
  EXPECT_EQ(shorter.clock.off, -3'000'000);
  EXPECT_EQ(shorter.duration, 3600s);
}

TEST(SettledClock, IsItsOwnWhereAnythingSpeaksAgainstIt) {
  auto late = film(3600s, 3610800ms);
  late.sound.from = 200ms;
  auto unsteady = film(3600s, 3610800ms);
  unsteady.steady_picture = false;
  auto alone = film(3600s, 3610800ms);
  alone.video.reset();
  alone.picture = {};
  alone.steady_picture = false;
  auto scattered = film(3600s, 3600s);
  scattered.pace = 1.00015;
  auto timed = film(3600s, 3610800ms);
  timed.counted_times = false;
  auto wild = film(3600s, 3600s);
  wild.pace = 1.02;
  for (const auto& info :
       {film(3600s, 3600900ms), film(3600s, 3599100ms), film(3600s, 3528s), film(3600s, 3672s),
        film(7200s, 7201300ms), film(50s, 50200ms), late, unsteady, alone, scattered, timed, wild})
    EXPECT_EQ(settled(info), info) << info.sound.to.count();
}

TEST(SettledClock, IsItsOwnWhereTheLogSwitchesOffWhatEndsEarlier) {
  Manifest manifest;
  manifest.assets = {{"a", "a", {}, {}}};
  Clip clip;
  clip.asset = "a";
  clip.start = 100s;
  clip.in = 10s;
  manifest.tracks = {{"t", TrackKind::camera, "", {clip}}};
  auto& muted = manifest.tracks[0].clips[0].muted;
  const auto off = [&](Nanoseconds sound) {
    MediaMap media{{"a", film(3600s, sound)}};
    settle_clocks(manifest, media);
    return media.at("a").clock.off;
  };
  EXPECT_NE(off(3590s), 0);
  muted = {{20s, 30s}, {3679s, 3690s}};  // from 3589 s of the medium on
  EXPECT_EQ(off(3590s), 0);
  EXPECT_NE(off(3610s), 0) << "the picture ends first";
  manifest.tracks[0].clips[0].hidden = {{3680s, 3710s}};
  EXPECT_EQ(off(3610s), 0);
}

TEST(SettledClock, FollowsThePacketsTimes) {
  auto info = film(3600s, 3600s);
  info.pace = 0.9991;
  const auto found = settled(info);
  EXPECT_EQ(found.clock, (SoundClock{.off = -900'000, .times_right = true}));
  EXPECT_EQ(found.duration, info.duration);
  EXPECT_FALSE(found.clock_why.empty());
}

TEST(SettledClock, IsTheDeclaredOne) {
  const auto stretched = film(3600s, 3610800ms);
  EXPECT_EQ(settled(stretched, 1), stretched);
  auto alone = film(0s, 3600s);
  alone.video.reset();
  alone.picture = {};
  const auto declared = settled(alone, 0.9);
  EXPECT_EQ(declared.clock.off, -100'000'000);
  EXPECT_EQ(declared.duration, 4000s);
  EXPECT_TRUE(declared.clock_why.empty()) << "the user knows";
  alone.pace = 1.0029;
  EXPECT_EQ(settled(alone, 1.003).clock, (SoundClock{.off = 3'000'000, .times_right = true}));
  EXPECT_EQ(settled(alone, 1), alone);
}

// A track that plays one medium.
Manifest one_track() {
  Manifest manifest;
  manifest.assets = {{"talk", "talk.mp4", {}, {}}};
  Clip clip;
  clip.asset = "talk";
  manifest.tracks = {{"anna", TrackKind::camera, "", {clip}}};
  return manifest;
}

TEST(SettledClock, IsPlayedAndSaidInThePlan) {
  const auto manifest = one_track();
  MediaMap media{{"talk", film(3600s, 3610800ms)}};
  settle_clocks(manifest, media);
  const auto plan = make_plan(manifest, media, {});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->warnings.size(), 1U);
  EXPECT_EQ(
      plan->warnings[0],
      "/assets/talk: the clock of its sound runs off by +0.3000 %: it ends at 1:00:10.800, "
      "the picture of the same file at 1:00:00.000; it is resampled, unless \"clock\" is \"own\"");
  EXPECT_TRUE(holds(plan_json(*plan), "\"clock\": 1.003"));
  const auto slice = make_sound_slice(*plan, 0, 48000);
  ASSERT_EQ(slice.voices.size(), 1U);
  EXPECT_EQ(slice.voices[0].pieces[0].clock, (SoundClock{.off = 3'000'000}));
  const auto text = slice_json(slice);
  EXPECT_EQ(parse_slice(text)->voices, slice.voices);

  media["talk"] = film(3600s, 3610800ms);
  auto own = one_track();
  own.assets[0].clock = 1;
  settle_clocks(own, media);
  const auto left = make_plan(own, media, {});
  EXPECT_TRUE(left->warnings.empty());
  EXPECT_NE(slice_json(make_sound_slice(*left, 0, 48000)), text) << "chunks are named by it";
}

// A microphone of an hour by the log, which mutes it nine times for a minute, to within 0.3 s.
struct Microphone {
  Manifest manifest;
  MediaMap media;

  // `pace`: of its samples; `silent`: whether a muted microphone recorded silence.
  explicit Microphone(double pace, double silent_pace, bool silent = true) {
    manifest.assets = {{"mic", "mic.m4a", {}, {}}};
    Clip clip;
    clip.asset = "mic";
    clip.start = 5s;
    clip.duration = 3600s;
    auto& info = media["mic"];
    info.path = "x";
    info.audio = AudioInfo{48000, 1};
    info.duration = Nanoseconds{std::llround(3600e9 * pace)};
    info.sound = {0ns, info.duration};
    info.levels.assign(static_cast<std::size_t>(info.duration / 100ms), -400);
    for (int n = 1; n < 10; ++n) {
      const Interval muted{360s * n, 360s * n + 60s};
      const auto jitter = n % 3 * 150ms;
      clip.muted.push_back({5s + muted.from + jitter, 5s + muted.to - jitter});
      const auto at = [&](Nanoseconds t) {
        return info.levels.begin() + std::lround(to_seconds(t) * silent_pace * 10);
      };
      if (silent) std::fill(at(muted.from), at(muted.to), std::int16_t{-1200});
    }
    manifest.tracks = {{"mic", TrackKind::microphone, "", {clip}}};
  }

  SoundClock clock() {
    settle_clocks_by_log(manifest, media);
    return media["mic"].clock;
  }
};

TEST(ClockByTheLog, IsFoundFromTheSilencesOfAMutedMicrophone) {
  for (const double pace : {1.003, 0.998}) {
    Microphone mic{pace, pace};
    EXPECT_EQ(assets_to_time(mic.manifest, mic.media), std::vector<std::string>{"mic"});
    EXPECT_NEAR(mic.clock().factor(), pace, 1e-4);
    EXPECT_NEAR(to_seconds(mic.media["mic"].duration), 3600, 0.4);
    EXPECT_TRUE(mic.media["mic"].levels.empty()) << "they were by the other clock";
    EXPECT_FALSE(mic.media["mic"].clock_why.empty());
  }
}

TEST(ClockByTheLog, IsNotTakenFromLengthAlone) {
  Microphone stopped_late{1.003, 1};
  EXPECT_TRUE(stopped_late.clock().own());
  EXPECT_FALSE(stopped_late.media["mic"].levels.empty());
  Microphone never_silent{1.003, 1.003, false};
  EXPECT_TRUE(never_silent.clock().own());
  Microphone seldom_muted{1.003, 1.003};
  seldom_muted.manifest.tracks[0].clips[0].muted.resize(1);
  EXPECT_TRUE(assets_to_time(seldom_muted.manifest, seldom_muted.media).empty());
}

TEST(ClockByTheLog, IsNotLookedForWhereItCannotBe) {
  for (const double pace : {1.0001, 1.02}) {
    const Microphone mic{pace, pace};
    EXPECT_TRUE(assets_to_time(mic.manifest, mic.media).empty()) << pace;
  }
  Microphone declared{1.003, 1.003};
  declared.manifest.assets[0].clock = 1;
  EXPECT_TRUE(declared.clock().own());
  Microphone twice{1.003, 1.003};
  twice.manifest.tracks.push_back(twice.manifest.tracks[0]);
  EXPECT_TRUE(twice.clock().own());
  Microphone film{1.003, 1.003};
  film.media["mic"].video = VideoInfo{64, 64, {25, 1}};
  EXPECT_TRUE(film.clock().own());
}

}  // namespace
}  // namespace rostrum
