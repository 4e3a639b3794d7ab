// SPDX-License-Identifier: LGPL-2.1-or-later
// How the filters of a voice are run.
#include "core/voice_filter.h"

#include "core/clip_schedule.h"
#include "core/slice.h"
#include "core/slice_json.h"
#include "small_meeting.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

constexpr VoiceFilter kHighPass{80, Suppression::off};
constexpr VoiceFilter kSuppressor{0, Suppression::low};

TEST(VoiceFilter, AHighPassRunsOnceAndSettlesBeforeItIsHeard) {
  const auto runs = filter_runs(kHighPass, {70s, 130s});
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].heard, (Interval{70s, 130s}));
  EXPECT_EQ(runs[0].played, (Interval{69500ms, 130s}));
  EXPECT_TRUE(runs[0].seam.empty());
  EXPECT_EQ(filter_runs(kHighPass, {120ms, 1s})[0].played.from, 0ns);
  EXPECT_EQ(filter_runs(kHighPass, {123456789ns, 1s})[0].played.from, 3456789ns)
      << "on the grid of the mix";
}

TEST(VoiceFilter, ASuppressorBeginsAtTheSameMomentsForEveryUnit) {
  const auto whole = filter_runs(kSuppressor, {0s, 100s});
  ASSERT_EQ(whole.size(), 4U);
  const auto part = filter_runs(kSuppressor, {47s, 61s});
  ASSERT_EQ(part.size(), 2U);
  EXPECT_EQ(part[0].heard, (Interval{47s, 60200ms}));
  EXPECT_EQ(part[1].heard, (Interval{60s, 61s}));
  for (std::size_t i : {0U, 1U}) {
    EXPECT_EQ(part[i].played.from, whole[i + 1].played.from);
    EXPECT_EQ(part[i].seam, whole[i + 1].seam);
    EXPECT_GE(part[i].played.to, part[i].heard.to + sample_time_up(kSuppressorDelay));
  }
  EXPECT_EQ(part[0].played.from, 20s);
}

TEST(VoiceFilter, TheRunsOfASuppressorAddUpToOne) {
  const auto runs = filter_runs(kSuppressor, {0s, 100s});
  for (Nanoseconds t = 0ns; t < 100s; t += 1700us) {
    double sum = 0;
    for (const auto& run : runs)
      if (run.heard.contains(t)) sum += gain_at(run.seam, sample_at(t));
    ASSERT_NEAR(sum, 1, 1e-9) << t.count();
  }
}

TEST(VoiceFilter, TheSeamOfTheStretchBeforeIsHeardToo) {
  const auto runs = filter_runs(kSuppressor, {30150ms, 31s});
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].heard, (Interval{30150ms, 30200ms}));
}

TEST(VoiceFilter, VolumesBecomeStepsAtTheBeginningsOfClips) {
  PlannedClip a;
  a.has_audio = true;
  a.volume = 2;
  a.start = 1s;
  auto b = a, c = a, silent = a;
  b.start = 5s;
  c.start = 9s;
  c.volume = 0.5;
  silent.start = 7s;
  silent.has_audio = false;
  silent.volume = 9;
  const auto curve = volume_curve({a, b, silent, c});
  EXPECT_EQ(curve, (GainCurve{{1s, 2}, {9s, 2}, {9s, 0.5}}));
  EXPECT_EQ(gain_at(curve, 9 * kSoundRate - 1), 2);
  EXPECT_EQ(gain_at(curve, 9 * kSoundRate), 0.5);
}

TEST(VoiceFilter, IsPartOfTheSliceAndOfItsText) {
  test::Meeting meeting;
  meeting.manifest.audio.noise = {80, 0, Suppression::high};
  meeting.manifest.tracks[0].noise.suppression = Suppression::off;
  const auto slice = make_sound_slice(meeting.plan(), 5 * kSampleRate, 6 * kSampleRate);
  ASSERT_EQ(slice.voices.size(), 2U);
  EXPECT_EQ(slice.voices[0].filter, (VoiceFilter{80, Suppression::off}));
  EXPECT_EQ(slice.voices[1].filter, (VoiceFilter{80, Suppression::high}));
  EXPECT_EQ(slice.voices[1].played.from, 0ns);
  EXPECT_EQ(slice.voices[1].heard, slice.mixed);
  const auto read = parse_slice(slice_json(slice));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->voices, slice.voices);
}

TEST(VoiceFilter, MusicAndScreensAreNotFiltered) {
  test::Meeting meeting;
  meeting.manifest.audio.noise = {80, -12, Suppression::high};
  meeting.manifest.tracks[1].kind = TrackKind::audio;
  const auto plan = meeting.plan();
  EXPECT_FALSE(plan.tracks[0].filter.none());
  EXPECT_TRUE(plan.tracks[1].filter.none());
}

}  // namespace
}  // namespace rostrum
