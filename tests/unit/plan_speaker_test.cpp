// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan follows who speaks.
#include "core/plan_speaker.h"
#include "core/plan.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

constexpr Nanoseconds kLength = 60s;

// Speech from one time to another in an otherwise quiet medium: words and pauses.
std::vector<std::int16_t> speech(std::vector<Interval> talk) {
  std::vector<std::int16_t> levels(static_cast<std::size_t>(kLength / kLevelWindow), -700);
  for (const auto& t : talk)
    for (auto w = t.from / kLevelWindow; w < t.to / kLevelWindow; ++w)
      levels[static_cast<std::size_t>(w)] = w % 8 == 7 ? -450 : -200;
  return levels;
}

MediaInfo camera(std::vector<Interval> talk) {
  MediaInfo info;
  info.path = "x";
  info.video = VideoInfo{640, 360, {25, 1}};
  info.audio = AudioInfo{48000, 1};
  info.duration = kLength;
  info.levels = speech(std::move(talk));
  return info;
}

MediaInfo microphone(std::vector<Interval> talk) {
  auto info = camera(std::move(talk));
  info.video.reset();
  return info;
}

Clip clip(const char* asset, Nanoseconds start = 0ns) {
  Clip c;
  c.asset = asset;
  c.start = start;
  return c;
}

// Anna presents and talks in the first 20 s, then Boris; both have cameras.
struct Meeting {
  Manifest manifest;
  MediaMap media;

  Meeting() {
    manifest.duration = kLength;
    manifest.layout.policy = Policy::speaker;
    manifest.people = {{"anna", "Anna", Role::presenter}, {"boris", "Boris", Role::participant}};
    manifest.assets = {{"a", "a.mp4", {}, {}}, {"b", "b.mp4", {}, {}}};
    manifest.tracks = {{"cam-a", TrackKind::camera, "anna", {clip("a")}},
                       {"cam-b", TrackKind::camera, "boris", {clip("b")}}};
    media = {{"a", camera({{0s, 20s}})}, {"b", camera({{20s, 60s}})}};
  }

  Plan plan() const {
    auto made = make_plan(manifest, media, {});
    EXPECT_TRUE(made) << (made ? "" : made.error().message);
    return made.value_or(Plan{});
  }

  // The track of the only tile at a time; "" without exactly one.
  std::string shown(Nanoseconds t) const {
    const auto plan = this->plan();
    for (const auto& s : plan.scenes)
      if (s.frames.contains(plan.grid.first_at(t)) && s.tiles.size() == 1)
        return plan.tracks[s.tiles[0].track].id;
    return {};
  }
};

using Speakers = std::vector<PlannedSpeaker>;

std::vector<std::string> assets_heard(const Meeting& m) {
  std::vector<std::string> found;
  for (const auto& [asset, parts] : sound_to_hear(m.manifest, m.media)) found.push_back(asset);
  return found;
}

TEST(PlanSpeaker, IsShownFromTheFrameInWhichTheTalkBegins) {
  const Meeting m;
  const auto plan = m.plan();
  EXPECT_EQ(plan.speakers, (Speakers{{0s, "anna", ""}, {20s, "boris", ""}}));
  ASSERT_EQ(plan.scenes.size(), 2U);
  EXPECT_EQ(plan.scenes[1].frames.first, 500);
  EXPECT_EQ(m.shown(19960ms), "cam-a");
  EXPECT_EQ(m.shown(20s), "cam-b");
}

TEST(PlanSpeaker, IsHeardInJobTimeWhateverTheClipsInPointAndStart) {
  Meeting m;
  // what the medium says at 15 s is heard at 25 s
  m.manifest.tracks[0].clips[0] = clip("a", 15s);
  m.manifest.tracks[0].clips[0].in = 5s;
  m.media["a"] = camera({{0s, 30s}});
  m.media["b"] = camera({{0s, 15s}, {40s, 60s}});
  EXPECT_EQ(m.plan().speakers,
            (Speakers{{0s, "boris", ""}, {15s, "anna", ""}, {40s, "boris", ""}}));
}

TEST(PlanSpeaker, MayTalkIntoAnotherTrackThanTheCamera) {
  Meeting m;
  m.media["b"].levels = speech({});
  m.manifest.assets.push_back({"m", "m.mp4", {}, {}});
  m.manifest.tracks.push_back({"mic-b", TrackKind::microphone, "boris", {clip("m")}});
  m.media["m"] = microphone({{30s, 60s}});
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {30s, "boris", ""}}));
  EXPECT_EQ(assets_heard(m), (std::vector<std::string>{"a", "b", "m"}));
}

TEST(PlanSpeaker, MutedIsNotHeard) {
  Meeting m;
  m.manifest.tracks[1].clips[0].muted = {{10s, 60s}};
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}}));
}

TEST(PlanSpeaker, WithoutAPersonIsNamedByTheTrack) {
  Meeting m;
  m.manifest.tracks[1].person.clear();
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {20s, "", "cam-b"}}));
  EXPECT_EQ(m.shown(30s), "cam-b");
}

TEST(PlanSpeaker, DefaultPersonIsWhoTheManifestNames) {
  Meeting m;
  m.media["a"].levels = m.media["b"].levels = speech({});
  EXPECT_EQ(m.shown(1s), "cam-a");
  m.manifest.layout.speaker.default_person = "boris";
  EXPECT_EQ(m.shown(1s), "cam-b");
}

TEST(PlanSpeaker, ComesFromTheLogWhereTheManifestSaysSo) {
  Meeting m;
  m.manifest.layout.speaker.source = SpeakerSource::log;
  m.manifest.people[0].talking = {{5s, 30s}};
  m.manifest.people[1].talking = {{30s, 35s}, {40s, 50s}};
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {30s, "boris", ""}}));
  EXPECT_TRUE(sound_to_hear(m.manifest, m.media).empty());
}

TEST(PlanSpeaker, OfALogNeedsNoSound) {
  Meeting m;
  for (auto& [id, info] : m.media) info.audio.reset();
  m.manifest.layout.speaker.source = SpeakerSource::log;
  m.manifest.people[0].talking = {{0s, 20s}};
  m.manifest.people[1].talking = {{20s, 60s}};
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {20s, "boris", ""}}));
}

TEST(PlanSpeaker, OfALogIsMutedWhereTheClipsSaySo) {
  Meeting m;
  for (auto& [id, info] : m.media) info.audio.reset();
  m.manifest.layout.speaker.source = SpeakerSource::log;
  m.manifest.people[0].talking = {{0s, 20s}};
  m.manifest.people[1].talking = {{20s, 60s}};
  m.manifest.tracks[1].clips[0].muted = {{10s, 40s}};
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {40s, "boris", ""}}));
  m.manifest.assets.push_back({"m", "m.mp4", {}, {}});  // but for another microphone
  m.manifest.tracks.push_back({"mic-b", TrackKind::microphone, "boris", {clip("m")}});
  m.media["m"] = microphone({});
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {20s, "boris", ""}}));
}

TEST(PlanSpeaker, OfALogStaysWhileSomebodyWithoutATrackTalks) {
  Meeting m;
  m.manifest.layout.speaker.source = SpeakerSource::log;
  m.manifest.people[1].talking = {{0s, 20s}};
  // Boris is followed by nobody who can be shown, then after 10 s of silence by the presenter.
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "boris", ""}, {30s, "anna", ""}}));
  m.manifest.people.push_back({"clara", "Clara", Role::participant, {{21s, 40s}}});
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "boris", ""}, {50s, "anna", ""}}));
}

TEST(PlanSpeaker, OfALogStaysWhileSomebodyTalksWhoseCameraIsNotOnYet) {
  Meeting m;
  m.manifest.layout.speaker.source = SpeakerSource::log;
  m.manifest.people[1].talking = {{0s, 20s}};
  m.manifest.people.push_back({"clara", "Clara", Role::participant, {{21s, 40s}, {56s, 60s}}});
  m.manifest.assets.push_back({"c", "c.mp4", {}, {}});
  m.manifest.tracks.push_back({"cam-c", TrackKind::camera, "clara", {clip("c", 55s)}});
  m.media["c"] = camera({});
  EXPECT_EQ(m.plan().speakers,
            (Speakers{{0s, "boris", ""}, {50s, "anna", ""}, {56s, "clara", ""}}));
}

TEST(PlanSpeaker, IsNobodyAfterTheLastEnd) {
  Meeting m;
  m.manifest.duration = std::chrono::hours{1};
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {20s, "boris", ""}, {60s, "", ""}}));
  m.media["b"] = camera({{58s, 60s}});  // Boris is held for 4 s
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}, {58s, "boris", ""}, {62s, "", ""}}));
}

TEST(PlanSpeaker, IsNotAskedForWhereTheLayoutHasNoChoice) {
  Meeting m;
  EXPECT_EQ(sound_to_hear(m.manifest, m.media).size(), 2U);
  m.manifest.layout.policy = Policy::grid;
  EXPECT_TRUE(sound_to_hear(m.manifest, m.media).empty());
  EXPECT_TRUE(m.plan().speakers.empty());
  m.manifest.layout.policy = Policy::speaker;
  m.manifest.tracks[0].clips[0].duration = 20s;
  m.manifest.tracks[1].clips[0] = clip("b", 20s);  // never both at once
  EXPECT_TRUE(sound_to_hear(m.manifest, m.media).empty());
}

TEST(PlanSpeaker, WithoutLevelsIsTheDefaultPerson) {
  Meeting m;
  for (auto& [id, info] : m.media) info.levels.clear();
  EXPECT_EQ(m.plan().speakers, (Speakers{{0s, "anna", ""}}));
}

TEST(PlanSpeaker, DoesNotCutTheScenesOfALayoutThatShowsEverybodyAlike) {
  Meeting m;
  m.manifest.people[0].role = Role::participant;
  m.manifest.layout.policy = Policy::webinar;  // without a presenter a grid
  const auto plan = m.plan();
  EXPECT_EQ(plan.speakers.size(), 2U);
  EXPECT_EQ(plan.scenes.size(), 1U);
}

TEST(PlanSpeaker, IsExplained) {
  const Meeting m;
  const auto text = explain(m.plan(), m.manifest, m.media, 30s);
  EXPECT_NE(text.find("Speaker: Boris, since 0:00:20.000."), std::string::npos) << text;
  EXPECT_NE(text.find("Anna: -70.0 dBFS"), std::string::npos) << text;
  EXPECT_NE(text.find("Boris: -20."), std::string::npos) << text;
}

}  // namespace
}  // namespace rostrum
