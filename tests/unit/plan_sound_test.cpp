// SPDX-License-Identifier: LGPL-2.1-or-later
// Gains of the plan that depend on who talks; clips that loop.
#include "core/plan_sound.h"
#include "core/clip_schedule.h"
#include "core/slice.h"
#include "core/speaker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace rostrum {
namespace {

constexpr Nanoseconds kLength = 60s;

// Talk: words of that level, in tenths of dBFS, and pauses; in a room that hums.
MediaInfo sound(const std::vector<Interval>& talk, std::int16_t tenths) {
  MediaInfo info;
  info.path = "x";
  info.audio = AudioInfo{48000, 1};
  info.duration = kLength;
  info.levels.assign(static_cast<std::size_t>(kLength / kLevelWindow), -700);
  for (const auto& t : talk)
    for (auto w = t.from / kLevelWindow; w < t.to / kLevelWindow; ++w)
      if (w % 8 != 7) info.levels[static_cast<std::size_t>(w)] = tenths;
  return info;
}

Clip clip(const char* asset) {
  Clip c;
  c.asset = asset;
  return c;
}

// Anna talks at -20 dBFS from 5 s to 10 s and from 30 s to 40 s, Boris at -32 dBFS from 20 s to
// 25 s; music plays all the time.
struct Meeting {
  Manifest manifest;
  MediaMap media{{"a", sound({{5s, 10s}, {30s, 40s}}, -200)},
                 {"b", sound({{20s, 25s}}, -320)},
                 {"m", sound({{0s, 60s}}, -150)}};

  Meeting() {
    manifest.duration = kLength;
    manifest.people = {{"anna", "Anna", Role::presenter}, {"boris", "Boris", Role::participant}};
    manifest.assets = {{"a", "a", {}, {}}, {"b", "b", {}, {}}, {"m", "m", {}, {}}};
    manifest.tracks = {{"anna", TrackKind::microphone, "anna", {clip("a")}},
                       {"boris", TrackKind::microphone, "boris", {clip("b")}},
                       {"music", TrackKind::audio, "", {clip("m")}}};
  }

  Plan plan() const {
    auto made = make_plan(manifest, media, {});
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made.value_or(Plan{});
  }

  // How much a track is turned up at a moment, in dB.
  double gain(std::size_t track, Nanoseconds t) const {
    const auto made = plan();
    double product = 1;
    for (const auto& curve : made.tracks[track].gains) product *= gain_at(curve, sample_at(t));
    return 20 * std::log10(product);
  }
};

std::vector<std::string> assets_heard(const Meeting& m) {
  std::vector<std::string> found;
  for (const auto& [asset, parts] : sound_to_hear(m.manifest, m.media)) found.push_back(asset);
  return found;
}

TEST(PlanSound, TurnsMusicDownWhileAnyoneTalks) {
  Meeting m;
  m.manifest.tracks[2].duck = true;
  EXPECT_EQ(m.gain(2, 4s), 0);
  for (const auto t :
       std::initializer_list<Nanoseconds>{4960ms, 5s, 8s, 10s, 10800ms, 20s, 24s, 35s})
    EXPECT_NEAR(m.gain(2, t), -12, 1e-9) << t.count();
  EXPECT_EQ(m.gain(2, 15s), 0);
  EXPECT_EQ(m.gain(2, 50s), 0);
  EXPECT_TRUE(m.plan().tracks[0].gains.empty()) << "voices stay as they are";
  EXPECT_TRUE(m.plan().tracks[1].gains.empty());
}

TEST(PlanSound, TurnsMusicDownByTheAmountThatIsSet) {
  Meeting m;
  m.manifest.tracks[2].duck = true;
  m.manifest.audio.duck = -30;
  EXPECT_NEAR(m.gain(2, 8s), -30, 1e-9);
  m.manifest.audio.duck = 0;
  EXPECT_TRUE(m.plan().tracks[2].gains.empty());
  EXPECT_TRUE(sound_to_hear(m.manifest, m.media).empty());
}

TEST(PlanSound, ListensToVoicesOnlyWhenItMustKnow) {
  Meeting m;
  EXPECT_TRUE(sound_to_hear(m.manifest, m.media).empty());
  m.manifest.tracks[2].duck = true;
  EXPECT_EQ(assets_heard(m), (std::vector<std::string>{"a", "b"}));
  m.manifest.layout.speaker.source = SpeakerSource::log;
  EXPECT_TRUE(sound_to_hear(m.manifest, m.media).empty());
  m.manifest.audio.level = true;
  EXPECT_EQ(assets_heard(m), (std::vector<std::string>{"a", "b"}));
}

TEST(PlanSound, AGateIsOpenWhileThePersonTalksAndClosedOtherwise) {
  Meeting m;
  m.manifest.audio.noise.gate = -12;
  for (const auto t : std::initializer_list<Nanoseconds>{4850ms, 5s, 8s, 10s, 10500ms, 30s, 39s})
    EXPECT_NEAR(m.gain(0, t), 0, 1e-9) << t.count();
  for (const auto t :
       std::initializer_list<Nanoseconds>{0s, 4700ms, 10950ms, 20s, 29700ms, 41s, 59s})
    EXPECT_NEAR(m.gain(0, t), -12, 1e-9) << t.count();
  EXPECT_NEAR(m.gain(1, 22s), 0, 1e-9);
  EXPECT_NEAR(m.gain(1, 8s), -12, 1e-9) << "another's talk opens no gate";
  EXPECT_TRUE(m.plan().tracks[2].gains.empty()) << "music has none";
}

TEST(PlanSound, AGateStaysOpenInShortPauses) {
  Meeting m;
  m.manifest.audio.noise.gate = -30;
  m.media["a"] = sound({{5s, 10s}, {11s, 15s}, {18s, 20s}}, -200);
  for (auto t = 5s; t < 15s; t += 1s) EXPECT_NEAR(m.gain(0, t), 0, 1e-9) << t.count();
  EXPECT_NEAR(m.gain(0, 17s), -30, 1e-9);
}

TEST(PlanSound, AGateCanBeSwitchedOffForATrack) {
  Meeting m;
  m.manifest.audio.noise.gate = -12;
  m.manifest.tracks[1].noise.gate = 0;
  EXPECT_TRUE(m.plan().tracks[1].gains.empty());
  EXPECT_FALSE(m.plan().tracks[0].gains.empty());
  EXPECT_EQ(assets_heard(m), (std::vector<std::string>{"a", "b"}));
  m.manifest.tracks[0].noise.gate = 0;
  EXPECT_TRUE(assets_heard(m).empty());
}

TEST(PlanSound, AGateOfSomebodyWhoNeverTalksIsClosedThroughout) {
  Meeting m;
  m.manifest.audio.noise.gate = -20;
  m.media["b"] = sound({}, -200);
  for (auto t = 0s; t < 60s; t += 5s) EXPECT_NEAR(m.gain(1, t), -20, 1e-9) << t.count();
}

TEST(PlanSound, TurnsMusicDownWhenTheLogSaysThatSomeoneTalks) {
  Meeting m;
  m.manifest.tracks[2].duck = true;
  m.manifest.layout.speaker.source = SpeakerSource::log;
  m.manifest.people[1].talking = {{50s, 55s}};
  EXPECT_EQ(m.gain(2, 8s), 0);
  EXPECT_NEAR(m.gain(2, 52s), -12, 1e-9);
}

TEST(PlanSound, WhoIsMutedTurnsNothingDown) {
  Meeting m;
  m.manifest.tracks[2].duck = true;
  m.manifest.tracks[1].clips[0].muted = {{15s, 28s}};
  EXPECT_EQ(m.gain(2, 22s), 0);
}

TEST(PlanSound, TurnsMusicDownWhileSeveralTalkAtOnce) {
  Meeting m;
  m.manifest.tracks[2].duck = true;
  m.media["a"] = m.media["b"] = sound({{20s, 40s}}, -200);
  EXPECT_NEAR(m.gain(2, 30s), -12, 1e-9);
}

TEST(PlanSound, HearsVoicesAsLoudAsTheirGainMakesThem) {
  Meeting m;
  m.manifest.tracks[2].duck = true;
  m.manifest.tracks[1].sound.gain = -100;
  EXPECT_EQ(m.gain(2, 22s), 0) << "who cannot be heard turns nothing down";
  m.manifest.tracks[1].sound.gain = 7;
  m.manifest.audio.level = true;
  EXPECT_NEAR(m.gain(1, 22s), 5, 0.01) << "of 12 dB the user has given 7";
}

TEST(PlanSound, BringsQuietPeopleUpWhileOthersTalk) {
  Meeting m;
  m.manifest.audio.level = true;
  m.media["a"] = sound({{5s, 40s}}, -200);
  EXPECT_NEAR(m.gain(1, 22s), 12, 0.05);
}

TEST(PlanSound, BringsNobodyUpForAnothersVoiceInTheirMicrophone) {
  Meeting m;
  m.manifest.audio.level = true;
  m.media["b"] = sound({{5s, 10s}, {30s, 40s}}, -420);
  EXPECT_TRUE(m.plan().tracks[1].gains.empty());
}

TEST(PlanSound, BringsQuietPeopleUpWhileTheyTalk) {
  Meeting m;
  m.manifest.audio.level = true;
  EXPECT_NEAR(m.gain(1, 22s), 12, 0.01);
  EXPECT_NEAR(m.gain(1, 20s), 12, 0.01) << "from the first word on";
  EXPECT_EQ(m.gain(1, 15s), 0) << "the noise of the room stays down";
  EXPECT_EQ(m.gain(1, 40s), 0);
  EXPECT_TRUE(m.plan().tracks[0].gains.empty()) << "nobody is turned down";
  EXPECT_TRUE(m.plan().tracks[2].gains.empty());
}

TEST(PlanSound, BringsNobodyUpWithoutLimit) {
  Meeting m;
  m.manifest.audio.level = true;
  m.media["b"] = sound({{20s, 25s}}, -440);
  EXPECT_NEAR(m.gain(1, 22s), 18, 0.01);
}

// Everybody as loud all the time.
MediaInfo steady(std::int16_t tenths_of_lufs, std::int16_t peak = -900) {
  auto info = sound({}, 0);
  info.loudness.assign(static_cast<std::size_t>(kLength / kLoudnessWindow), tenths_of_lufs);
  info.peaks.assign(info.loudness.size(), peak);
  return info;
}

double loudness(const Meeting& m) {
  return integrated_loudness(programme_levels(m.plan(), m.media, kLength).power).value_or(0);
}

TEST(PlanSound, KnowsHowLoudTheProgrammeIs) {
  Meeting m;
  for (const char* id : {"a", "b", "m"}) m.media[id] = steady(-300);
  EXPECT_NEAR(loudness(m), -30 + 10 * std::log10(3), 0.01) << "of three sounds";
  m.manifest.tracks[1].sound.gain = -100;
  m.manifest.tracks[2].clips[0].muted = {{0s, 60s}};
  EXPECT_NEAR(loudness(m), -30, 0.01);
  m.manifest.tracks[0].sound.gain = 7;
  EXPECT_NEAR(loudness(m), -23, 0.01);
  m.manifest.tracks[0].sound.pan = 1;
  EXPECT_NEAR(loudness(m), -23 - 3.01, 0.01) << "half of it is left";
}

TEST(PlanSound, KnowsWhatOneChannelIsOfAPan) {
  Meeting m;
  m.manifest.audio.channels = 1;
  m.media["a"] = steady(-230, -60);
  m.media["b"] = m.media["m"] = steady(-1200, -1200);
  EXPECT_NEAR(loudness(m), -23, 0.01) << "one channel counts once";
  m.manifest.tracks[0].sound.pan = -1;
  EXPECT_NEAR(loudness(m), -23 - 6.02, 0.01) << "the mean of a voice and of nothing";
  const auto peak = programme_levels(m.plan(), m.media, kLength).peaks[100];
  EXPECT_NEAR(20 * std::log10(peak), -6 - 6.02, 0.01);
}

TEST(PlanSound, MakesTheProgrammeAsLoudAsItShouldBe) {
  Meeting m;
  for (const char* id : {"a", "b", "m"}) m.media[id] = steady(-300);
  m.manifest.audio.loudness = -16;
  EXPECT_EQ(assets_heard(m), (std::vector<std::string>{"a", "b", "m"}));
  EXPECT_NEAR(loudness(m), -16, 0.01);
  EXPECT_TRUE(m.plan().warnings.empty());
  m.manifest.audio.loudness = -50;
  EXPECT_NEAR(loudness(m), -50, 0.01);
}

TEST(PlanSound, GivesBackWhatASuppressorTakesFromVoices) {
  Meeting m;
  m.manifest.tracks.resize(2);
  for (const char* id : {"a", "b"}) {
    m.media[id].loudness = m.media[id].levels;
    m.media[id].peaks.assign(m.media[id].levels.size(), -400);
  }
  m.manifest.audio.loudness = -24;
  const auto plain = m.plan().made_up;
  m.manifest.audio.noise.suppression = Suppression::low;
  EXPECT_NEAR(20 * std::log10(m.plan().made_up / plain), 0.9, 0.02);
}

TEST(PlanSound, GivesBackWhatTheLimiterTakes) {
  Meeting m;
  m.media["a"] = steady(-300, -250);
  for (std::size_t w = 0; w < 300; ++w) m.media["a"].peaks[w] = -130;
  m.manifest.audio.loudness = -16;
  const auto plan = m.plan();
  const auto levels = programme_levels(plan, m.media, kLength);
  EXPECT_GT(integrated_loudness(levels.power).value_or(-99), -15) << "before the limiter";
  EXPECT_NEAR(limited_loudness(levels, 0, plan.ceiling).value_or(0), -16, 0.05);
}

TEST(PlanSound, TurnsNoiseUpNoFurtherThanItSays) {
  Meeting m;
  for (const char* id : {"a", "b", "m"}) m.media[id] = steady(-650);
  m.manifest.audio.loudness = -16;
  EXPECT_NEAR(loudness(m), -65 + 10 * std::log10(3) + 40, 0.01);
  ASSERT_EQ(m.plan().warnings.size(), 1U);
  for (const char* id : {"a", "b", "m"}) m.media[id] = steady(-1200);
  EXPECT_TRUE(m.plan().warnings.empty()) << "silence stays silence";
  EXPECT_EQ(m.plan().tracks[0].clips[0].volume, 1);
}

TEST(PlanSound, IsAsLoudInPartAsInTheWhole) {
  Meeting m;
  m.media["a"] = steady(-300);
  m.media["b"] = m.media["m"] = steady(-1200);
  std::fill(m.media["a"].loudness.begin(), m.media["a"].loudness.begin() + 200, -500);
  m.manifest.audio.loudness = -16;
  const auto part = make_plan(m.manifest, m.media, {.from = 0s, .to = 15s});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->tracks[0].clips[0].volume, m.plan().tracks[0].clips[0].volume);
}

TEST(PlanSound, OfALoopIsItsMediumAgainAndAgain) {
  Meeting m;
  auto& music = m.manifest.tracks[2].clips[0];
  m.media["m"].duration = 25s;
  music.in = 5s;
  music.start = 2s;
  music.loop = true;
  const auto plan = m.plan();
  const auto& clips = plan.tracks[2].clips;
  ASSERT_EQ(clips.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(clips[i].start, 2s + 20s * static_cast<int>(i));
    EXPECT_EQ(clips[i].in, 5s);
    EXPECT_EQ(clips[i].playable, i < 2 ? 20s : 18s) << "to the programme's end";
  }
  EXPECT_TRUE(plan.substitutions.empty());
}

TEST(PlanSound, LoopsNothingThatHasNothing) {
  Meeting m;
  auto& music = m.manifest.tracks[2].clips[0];
  music.in = 60s;
  music.loop = true;
  const auto plan = m.plan();
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].what, "short");
}

}  // namespace
}  // namespace rostrum
