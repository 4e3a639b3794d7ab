// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sound_match.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace rostrum {
namespace {

// Syllables of uneven length and level, with pauses.
Envelope speech(std::size_t count, unsigned seed) {
  std::minstd_rand random{seed};
  Envelope found;
  while (found.size() < count) {
    const auto level = -20.0F - static_cast<float>(random() % 150) / 10;
    const auto loud = 15 + random() % 40;
    const auto pause = random() % 30;
    for (std::size_t i = 0; i < loud; ++i)
      found.push_back(level + 6 * std::sin(static_cast<float>(i) * 0.3F));
    for (std::size_t i = 0; i < pause; ++i) found.push_back(-70);
  }
  found.resize(count);
  return found;
}

constexpr std::size_t kReach = kSoundReach / kEnvelopeStep;

// Six seconds of the source, and the film around them, late by so many steps.
std::optional<SoundLag> found_lag(int late, unsigned film_seed = 1) {
  const auto source = speech(4000, 1);
  const auto film = speech(4000, film_seed);
  const std::span heard{film};
  return find_lag(heard.subspan(static_cast<std::size_t>(1000 - late) - kReach, 1200 + 2 * kReach),
                  std::span{source}.subspan(1000, 1200));
}

TEST(FindLag, FindsSpeechWhereItIs) {
  for (const int late : {-200, -16, 0, 3, 16, 200}) {
    const auto found = found_lag(late);
    ASSERT_TRUE(found) << late;
    EXPECT_NEAR(to_seconds(found->lag), 0.005 * late, 0.002);
    EXPECT_GT(found->correlation, 0.99);
  }
}

TEST(FindLag, DoesNotFindAnother) { EXPECT_FALSE(found_lag(0, 7)); }

TEST(FindLag, ASteadyToneHasNoPlace) {
  const Envelope tone(1200 + 2 * kReach, -20);
  EXPECT_FALSE(find_lag(tone, std::span{tone}.first(1200)));
  EXPECT_FALSE(find_lag({}, {}));
}

TEST(FindLag, OfEqualPlacesTheNearestIsMeant) {
  Envelope words;
  for (std::size_t i = 0; i < 1200 + 2 * kReach; ++i) words.push_back(i % 100 < 80 ? -20 : -80);
  const std::span all{words};
  const auto found = find_lag(all, all.subspan(kReach, 1200));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->lag, 0ns);
}

// Anna talks from 0 s to 10 s and from 15 s to 20 s, Boris from 5 s to 15 s; then nobody.
SoundPlan meeting() {
  SoundPlan sound;
  sound.known = true;
  sound.voices = {{"Anna", {0}, WeightedPower(300)}, {"Boris", {1}, WeightedPower(300)}};
  sound.total.resize(300);
  for (std::size_t w = 0; w < 300; ++w) {
    const bool anna = w < 100 || (w >= 150 && w < 200);
    const bool boris = w >= 50 && w < 150;
    const auto level = w % 10 < 7 ? -20.0 : -38.0;  // syllables
    sound.voices[0].power[w] = power_of_lufs(anna ? level : -75);
    sound.voices[1].power[w] = power_of_lufs(boris ? level : -75);
    sound.total[w] = sound.voices[0].power[w] + sound.voices[1].power[w];
  }
  return sound;
}

TEST(JudgeLevels, TheFilmAsPlannedIsFine) {
  const auto sound = meeting();
  auto film = sound.total;
  for (auto& p : film) p *= power_of_lufs(-4) / power_of_lufs(0);  // a limiter has been at it
  const auto judged = judge_levels(sound, film, 0);
  EXPECT_TRUE(judged.faults.empty());
  ASSERT_EQ(judged.voices.size(), 2u);
  EXPECT_NEAR(*judged.voices[0].off, -4, 0.1);
  EXPECT_GT(judged.voices[1].judged, 3s);
}

TEST(JudgeLevels, WhoIsMissingIsNamedWithTheTime) {
  const auto sound = meeting();
  const auto judged = judge_levels(sound, sound.voices[0].power, 0);
  ASSERT_EQ(judged.faults.size(), 1u);
  EXPECT_EQ(judged.faults[0].kind, SoundFault::Kind::lost);
  EXPECT_EQ(judged.faults[0].voice, "Boris");
  EXPECT_NEAR(to_seconds(judged.faults[0].when.from), 10, 0.5);
  EXPECT_NEAR(to_seconds(judged.faults[0].when.to), 15, 0.5);
}

TEST(JudgeLevels, AWordThatIsMissingIsTooLittleToTell) {
  const auto sound = meeting();
  auto film = sound.total;
  for (std::size_t w = 20; w < 26; ++w) film[w] = 0;
  EXPECT_TRUE(judge_levels(sound, film, 0).faults.empty());
}

TEST(JudgeLevels, SoundWhereNobodyWasToBeHeard) {
  const auto sound = meeting();
  auto film = sound.total;
  for (std::size_t w = 250; w < 280; ++w) film[w] = power_of_lufs(-30);
  const auto judged = judge_levels(sound, film, 0);
  ASSERT_EQ(judged.faults.size(), 1u);
  EXPECT_EQ(judged.faults[0].kind, SoundFault::Kind::uncalled);
  EXPECT_EQ(judged.faults[0].when, (Interval{25s, 28s}));
}

TEST(JudgeLevels, AFilmOfAPartIsHeldAgainstThatPart) {
  const auto sound = meeting();
  const std::span film{sound.total};
  EXPECT_TRUE(judge_levels(sound, film.subspan(120, 100), 120).faults.empty());
}

TEST(VoiceProbes, AreWhereOneVoiceAloneIsHeard) {
  const auto probes = voice_probes(meeting(), {0s, 30s}, 40);
  ASSERT_FALSE(probes.empty());
  for (const auto& probe : probes)
    EXPECT_TRUE(probe.voice == 0 ? probe.when.to <= 7s || probe.when.from >= 14s
                                 : probe.when.from >= 9s && probe.when.to <= 16s)
        << to_seconds(probe.when.from);
  EXPECT_LE(voice_probes(meeting(), {0s, 30s}, 2).size(), 2u);
}

TEST(EnvelopeMeter, HasALevelForEachFiveMilliseconds) {
  EnvelopeMeter meter{2};
  std::vector<float> sound(2 * 4800);
  for (std::size_t i = 2400; i < 4800; ++i)
    sound[2 * i] = sound[2 * i + 1] =
        std::sin(static_cast<float>(2 * std::numbers::pi * 0.1 * static_cast<double>(i)));
  meter.add(std::span{sound}.first(1001 * 2));
  meter.add(std::span{sound}.subspan(1001 * 2));
  const auto envelope = meter.take();
  ASSERT_EQ(envelope.size(), 20u);
  EXPECT_LT(envelope[9], -100);
  EXPECT_GT(envelope[10], -10);
}

}  // namespace
}  // namespace rostrum
