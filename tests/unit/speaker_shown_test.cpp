// SPDX-License-Identifier: LGPL-2.1-or-later
// Who can be the speaker: only who has a picture to show; and talk that a log knows.
#include "core/speaker.h"

#include <gtest/gtest.h>

#include <ostream>

namespace rostrum {

void PrintTo(const Switch& s, std::ostream* out) {
  *out << "#" << static_cast<std::int64_t>(s.person) << " from " << format_time(s.from);
}

namespace {

using Switches = std::vector<Switch>;

constexpr Nanoseconds kEnd = 60s;

// Somebody who is there all the time and talks then, by the log.
PersonLevels person(std::vector<Interval> talks) {
  PersonLevels p;
  p.present = {{0s, kEnd}};
  p.talks = std::move(talks);
  return p;
}

TEST(SpeakerOfALog, FollowsItsTalk) {
  const std::vector people{person({{0s, 10s}, {30s, 40s}}), person({{10s, 30s}})};
  EXPECT_EQ(decide_speakers(people, kEnd, {}), (Switches{{0s, 0}, {10s, 1}, {30s, 0}}));
}

TEST(SpeakerOfALog, IsNotWhoOnlyInterjects) {
  const std::vector people{person({{0s, 20s}, {21s, 40s}}), person({{20s, 21s}, {30s, 30900ms}})};
  EXPECT_EQ(decide_speakers(people, kEnd, {}), (Switches{{0s, 0}}));
}

TEST(SpeakerOfALog, StaysWhileTwoTalk) {
  const std::vector people{person({{0s, 20s}}), person({{10s, 40s}})};
  EXPECT_EQ(decide_speakers(people, 45s, {}), (Switches{{0s, 0}, {20s, 1}}));
}

TEST(SpeakerOfALog, IsNeverWhoIsMuted) {
  std::vector people{person({{0s, 20s}}), person({{20s, 50s}})};
  people[1].muted = {{15s, 55s}};
  EXPECT_EQ(decide_speakers(people, kEnd, {}), (Switches{{0s, 0}}));
}

TEST(SpeakerOfALog, ReturnsToTheDefaultPersonAfterSilence) {
  std::vector people{person({}), person({{10s, 20s}})};
  people[0].presenter = true;
  EXPECT_EQ(decide_speakers(people, kEnd, {}), (Switches{{0s, 0}, {10s, 1}, {30s, 0}}));
}

TEST(SpeakerShown, IsNeverWhoHasNoPicture) {
  std::vector people{person({{0s, 10s}}), person({{10s, 50s}}), person({})};
  people[1].visible.emplace();
  EXPECT_EQ(decide_speakers(people, kEnd, {}), (Switches{{0s, 0}}));
}

TEST(SpeakerShown, StaysWhileSomebodyWithoutAPictureTalks) {
  // 35 s of their talk are no silence, after which the presenter would return
  std::vector people{person({}), person({{0s, 10s}}), person({{10s, 45s}})};
  people[0].presenter = true;
  people[2].visible.emplace();
  EXPECT_EQ(decide_speakers(people, kEnd, {}), (Switches{{0s, 1}, {55s, 0}}));
}

TEST(SpeakerShown, GivesWayWhenTheCameraGoesOff) {
  std::vector people{person({{0s, 50s}}), person({})};
  people[0].visible = {{0s, 20s}, {40s, 60s}};
  EXPECT_EQ(decide_speakers(people, kEnd, {}), (Switches{{0s, 0}, {20s, 1}, {40s, 0}}));
}

TEST(SpeakerShown, OfThoseWithAPictureIsTheLongestPresent) {
  std::vector people{person({}), person({}), person({})};
  people[0].visible.emplace();
  people[1].present = {{10s, 60s}};
  people[2].present = {{0s, 60s}};
  people[2].visible = {{30s, 60s}};
  // #1 is the only one at 10 s; #2, who has been there for longer, when their camera is on
  EXPECT_EQ(speaker_at(decide_speakers(people, kEnd, {}), 20s), 1U);
  people[1].visible = {{35s, 60s}};
  EXPECT_EQ(speaker_at(decide_speakers(people, kEnd, {}), 36s), 2U);
}

}  // namespace
}  // namespace rostrum
