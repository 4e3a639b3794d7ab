// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/waveform.h"

#include "core/loudness.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

constexpr Nanoseconds kLength = 100s;
constexpr std::size_t kWindows = kLength / kLevelWindow;

// Talk at that level, with pauses, over a quiet room.
MediaInfo speech(std::vector<Interval> talk, std::int16_t tenths) {
  MediaInfo info;
  info.path = "x";
  info.audio = AudioInfo{48000, 1};
  info.duration = kLength;
  info.levels.assign(kWindows, -750);
  for (const auto& t : talk)
    for (auto w = t.from / kLevelWindow; w < t.to / kLevelWindow; ++w)
      if (w % 8 != 7) info.levels[static_cast<std::size_t>(w)] = tenths;
  info.loudness = info.levels;
  info.peaks.assign(kWindows, -300);
  return info;
}

// Anna talks from 10 s to 20 s and is muted from 50 s to 60 s; music plays from 30 s on, 6 dB down.
struct Programme {
  Manifest manifest;
  MediaMap media{{"a", speech({{10s, 20s}}, -200)}, {"m", speech({{0s, 100s}}, -260)}};

  Programme() {
    manifest.duration = kLength;
    manifest.people = {{"anna", "Anna Ek", Role::presenter}};
    manifest.assets = {{"a", "a", {}, {}}, {"m", "m", {}, {}}};
    manifest.tracks = {{"mic", TrackKind::microphone, "anna", {clip("a", 0s)}},
                       {"music", TrackKind::audio, "", {clip("m", 30s)}}};
    manifest.tracks[0].clips[0].muted = {{50s, 60s}};
    manifest.tracks[1].sound.gain = -6;
    media["a"].peaks[123] = 0;
  }

  static Clip clip(const char* asset, Nanoseconds start) {
    Clip c;
    c.asset = asset;
    c.start = start;
    return c;
  }

  Waveform waveform(std::size_t columns) const { return waveform(columns, media); }
  Waveform waveform(std::size_t columns, const MediaMap& recorded) const {
    const auto plan = make_plan(manifest, media, {});
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
    return make_waveform(*plan, manifest, media, recorded, columns);
  }
};

TEST(Waveform, ShowsWhoIsHeardWhen) {
  const auto shown = Programme{}.waveform(100);  // a second each
  ASSERT_EQ(shown.rows.size(), 2U);
  EXPECT_EQ(shown.rows[0].name, "Anna Ek");
  EXPECT_EQ(shown.rows[1].name, "music");
  EXPECT_NEAR(shown.rows[0].talk / 1ms, 10'000, 300);
  const auto& anna = shown.rows[0].columns;
  EXPECT_EQ(anna[15], (WaveformColumn{-20, true, false, true, false}));
  EXPECT_EQ(anna[30], (WaveformColumn{-75, true, false, false, false}));
  EXPECT_EQ(anna[55], (WaveformColumn{kSilence, true, true, false, false}));
  EXPECT_EQ(anna[12], (WaveformColumn{-20, true, false, true, true})) << "clipped at 12.3 s";
}

TEST(Waveform, IsClippedWhereTheRecordingIsAndLimitedByWhatIsHeard) {
  Programme p;
  const auto recorded = p.media;
  p.media["a"].peaks.assign(kWindows, -300);  // behind a filter
  const auto shown = p.waveform(100, recorded);
  EXPECT_TRUE(shown.rows[0].columns[12].clipped);
  EXPECT_EQ(shown.programme[12].limited, 0);
}

TEST(Waveform, KnowsGainsAndWhereATrackIsAbsent) {
  const auto music = Programme{}.waveform(100).rows[1].columns;
  EXPECT_EQ(music[29], WaveformColumn{});
  EXPECT_TRUE(music[30].present);
  EXPECT_NEAR(music[50].level, -32, 0.05);
  EXPECT_FALSE(music[50].talks);
}

TEST(Waveform, ShowsTheLoudnessOfTheSum) {
  Programme p;
  p.media["a"].loudness.assign(kWindows, -230);
  p.media["m"].loudness.assign(kWindows, -230 + 60);  // at the same level, by its gain
  p.manifest.tracks[0].clips[0].muted.clear();
  const auto shown = p.waveform(100);
  EXPECT_NEAR(*shown.programme[10].loudness, -23, 0.1);
  EXPECT_NEAR(*shown.programme[60].loudness, -20, 0.1);
  EXPECT_EQ(shown.programme[60].limited, 0);
  ASSERT_TRUE(shown.integrated);
  EXPECT_NEAR(*shown.integrated, -20.7, 0.2);
}

TEST(Waveform, MarksWhereTheLimiterWorks) {
  Programme p;
  p.manifest.tracks[0].sound.gain = 20;
  p.media["a"].peaks.assign(kWindows, -600);
  p.media["a"].peaks[700] = -120;
  const auto shown = p.waveform(100);
  EXPECT_NEAR(shown.programme[70].limited, 8 + 2, 0.2);  // the ceiling is at -2 before AAC
  EXPECT_EQ(shown.programme[71].limited, 0);
}

TEST(Waveform, OfAShortProgrammeHasNoHoles) {
  const auto wide = Programme{}.waveform(3000);
  for (std::size_t x = 300; x < 600; ++x)
    EXPECT_TRUE(wide.rows[0].columns[x].level > -80 && wide.programme[x].loudness) << x;
}

TEST(Waveform, AxisHasRoundSteps) {
  EXPECT_EQ(axis_step(10s, 15), 1s);
  EXPECT_EQ(axis_step(3h, 15), 15min);
  EXPECT_EQ(axis_step(100h, 15), 8h);
  EXPECT_EQ(axis_step(50ms, 15), 100ms);
}

}  // namespace
}  // namespace rostrum
