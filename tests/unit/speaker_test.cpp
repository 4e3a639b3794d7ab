// SPDX-License-Identifier: LGPL-2.1-or-later
// Who is the active speaker, from made-up levels: a voice goes up and down as speech does.
#include "core/speaker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace rostrum {

void PrintTo(const SpeakerChange& c, std::ostream* out) {
  *out << "#" << c.person << " at " << static_cast<double>(c.window) / 10;
}

namespace {

using Changes = std::vector<SpeakerChange>;

// Windows of a meeting of so many seconds, everybody at the noise of a quiet room.
class Room {
 public:
  Room(std::size_t people, double seconds) : people(people, Levels(at(seconds), -700)) {}

  // Speech: syllables 10 dB up and down, a pause between words every second.
  Room& talk(std::size_t person, double from, double to, int level = -200) {
    for (auto w = at(from); w < at(to); ++w) {
      const bool pause = w % 10 == 7 || w % 10 == 8;
      const int now = pause ? level - 350 : level + (w % 3 == 0 ? -60 : 20);
      auto& heard = people[person][static_cast<std::size_t>(w)];
      heard = std::max(heard, static_cast<std::int16_t>(now));
    }
    return *this;
  }
  Room& steady(std::size_t person, double from, double to, int level) {
    std::fill(people[person].begin() + at(from), people[person].begin() + at(to),
              static_cast<std::int16_t>(level));
    return *this;
  }
  Room& away(std::size_t person, double from, double to) {
    return steady(person, from, to, kNotThere);
  }
  // What all hear of each other, 25 dB below.
  Room& crosstalk() {
    const auto heard = people;
    for (std::size_t p = 0; p < people.size(); ++p)
      for (std::size_t w = 0; w < people[p].size(); ++w)
        for (std::size_t q = 0; q < people.size(); ++q)
          if (q != p && people[p][w] != kNotThere && heard[q][w] != kNotThere)
            people[p][w] = std::max<std::int16_t>(people[p][w], heard[q][w] - 250);
    return *this;
  }
  static long at(double seconds) { return std::lround(seconds * 10); }

  std::vector<Levels> people;
};

Changes decide(const Room& room, std::optional<std::size_t> fallback = 0, Nanoseconds hold = 4s) {
  return decide_speakers(room.people, {.hold = hold}, fallback);
}

// The causal decision, as changes.
Changes live(const Room& room, std::optional<std::size_t> fallback = 0, Nanoseconds hold = 4s) {
  SpeakerDecision decision{{.hold = hold}, fallback};
  Changes changes;
  for (std::size_t w = 0; w < room.people[0].size(); ++w) {
    std::vector<std::int16_t> levels;
    for (const auto& row : room.people) levels.push_back(row[w]);
    if (const auto next = decision.update(levels)) changes.push_back({w, *next});
  }
  return changes;
}

// The same people, each at most 0.1 s off.
::testing::AssertionResult about(const Changes& found, const Changes& expected) {
  bool same = found.size() == expected.size();
  for (std::size_t i = 0; same && i < found.size(); ++i)
    same =
        found[i].person == expected[i].person &&
        std::abs(static_cast<long>(found[i].window) - static_cast<long>(expected[i].window)) <= 1;
  return same ? ::testing::AssertionSuccess()
              : ::testing::AssertionFailure() << ::testing::PrintToString(found);
}

std::vector<std::size_t> order(const Changes& changes) {
  std::vector<std::size_t> people;
  for (const auto& c : changes) people.push_back(c.person);
  return people;
}

TEST(Speaker, ChangesAtTheFirstWord) {
  const auto room = Room{2, 40}.talk(0, 0, 15).talk(1, 17, 30).talk(0, 30, 40);
  EXPECT_TRUE(about(decide(room), Changes{{0, 0}, {170, 1}, {300, 0}}));
}

TEST(Speaker, IsWhoTalksInAllThatCrosstalk) {
  auto room = Room{3, 40}.talk(1, 0, 12).talk(2, 12, 25).talk(1, 25, 40);
  EXPECT_EQ(order(decide(room.crosstalk())), (std::vector<std::size_t>{1, 2, 1}));
  EXPECT_EQ(order(live(room)), (std::vector<std::size_t>{1, 2, 1}));
}

TEST(Speaker, IsNotWhoSaysAWordOrCoughs) {
  const auto table = {
      Room{2, 40}.talk(0, 0, 40).talk(1, 20, 20.9, -100),                    // into a talk
      Room{2, 40}.talk(0, 0, 15).talk(1, 20, 21).talk(0, 25, 40),            // into a silence
      Room{2, 40}.talk(0, 0, 15).steady(1, 18, 18.4, -50).talk(0, 22, 40)};  // a cough
  for (const auto& room : table) {
    EXPECT_EQ(order(decide(room)), (std::vector<std::size_t>{0}));
    EXPECT_EQ(order(live(room)), std::vector<std::size_t>{});
  }
}

TEST(Speaker, IsNotAFanHoweverLoud) {
  auto room = Room{2, 60}.steady(1, 0, 60, -300).talk(0, 20, 30).talk(0, 40, 50);
  EXPECT_EQ(order(decide(room)), (std::vector<std::size_t>{0}));
  EXPECT_EQ(order(live(room)), std::vector<std::size_t>{});
  room.talk(1, 30.5, 40, -150);  // but who talks through it is heard
  EXPECT_EQ(order(decide(room)), (std::vector<std::size_t>{0, 1, 0}));
}

TEST(Speaker, MayHaveAQuietMicrophone) {
  auto room = Room{2, 40}.talk(0, 0, 14, -150).talk(1, 15, 28, -380).talk(0, 29, 40, -150);
  EXPECT_EQ(order(decide(room.crosstalk())), (std::vector<std::size_t>{0, 1, 0}));
  EXPECT_EQ(order(live(room)), (std::vector<std::size_t>{1, 0}));
}

TEST(Speaker, IsTheLoudestOfSeveral) {
  const auto room = Room{4, 30}.talk(1, 5, 25, -300).talk(2, 5, 25, -200);
  EXPECT_EQ(order(decide(room)), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(order(live(room)), (std::vector<std::size_t>{2}));
}

TEST(Speaker, DoesNotFlickerBetweenEquals) {
  Room room{3, 60};
  for (int t = 0; t < 60; t += 4)  // two at once, by turns a little louder
    room.talk(1, t, t + 4, t % 8 ? -200 : -190).talk(2, t, t + 4, t % 8 ? -190 : -200);
  EXPECT_EQ(order(live(room, 0)).size(), 1U);
}

TEST(Speaker, StaysThroughASilenceOfLessThanTenSeconds) {
  const auto room = Room{2, 40}.talk(1, 0, 10).talk(1, 19, 30);
  EXPECT_EQ(order(decide(room)), (std::vector<std::size_t>{1}));
  EXPECT_EQ(order(live(room)), (std::vector<std::size_t>{1}));
}

TEST(Speaker, GivesWayToTheDefaultAfterTenSecondsOfSilence) {
  const auto room = Room{2, 60}.talk(1, 0, 10).talk(1, 40, 60);
  EXPECT_TRUE(about(decide(room), Changes{{0, 1}, {200, 0}, {400, 1}}));
  EXPECT_EQ(order(live(room)), (std::vector<std::size_t>{1, 0, 1}));
  EXPECT_EQ(order(decide(room, std::nullopt)), (std::vector<std::size_t>{1}));
}

TEST(Speaker, IsTheDefaultWhileEverybodyIsSilent) {
  EXPECT_EQ(decide(Room{3, 30}, 2), (Changes{{0, 2}}));
  EXPECT_EQ(live(Room{3, 30}, 2), Changes{});
  EXPECT_EQ(decide(Room{1, 30}, 0), (Changes{{0, 0}}));
  EXPECT_EQ(decide_speakers({}, {}, {}), Changes{});
}

TEST(Speaker, IsNeverWhoIsMutedOrAway) {
  auto room = Room{3, 40}.talk(0, 0, 5).talk(1, 5, 30, -100).talk(2, 10, 30, -300).away(1, 10, 40);
  EXPECT_TRUE(about(decide(room), Changes{{0, 0}, {50, 1}, {100, 2}}));
  EXPECT_EQ(live(room).back().person, 2U);
}

TEST(Speaker, MayJoinWhileSpeaking) {
  const auto room = Room{2, 40}.talk(0, 0, 15).talk(1, 10, 35).away(1, 0, 20);
  EXPECT_TRUE(about(decide(room), Changes{{0, 0}, {200, 1}}));
}

TEST(Speaker, NeverChangesTwiceWithinTheHold) {
  for (const auto hold : {1s, 2s, 4s, 7s}) {
    Room room{5, 120};
    for (int t = 0; t < 118; t += 2) room.talk(static_cast<std::size_t>(t * 7 % 5), t, t + 2);
    for (const auto& changes : {decide(room, 0, hold), live(room, 0, hold)})
      for (std::size_t i = 2; i < changes.size(); ++i)
        EXPECT_GE(changes[i].window - changes[i - 1].window, 10U * (hold / 1s));
  }
}

TEST(Speaker, IsFoundAmongManyForHours) {
  Room room{23, 3 * 3600};
  std::vector<std::size_t> talkers;
  for (std::size_t i = 0; i < 3 * 360; ++i) {
    talkers.push_back(i * 5 % 23);
    room.talk(talkers.back(), 10.0 * static_cast<double>(i), 10.0 * static_cast<double>(i) + 10);
  }
  EXPECT_EQ(order(decide(room, 0)), talkers);
}

TEST(Speaker, OfALiveMeetingIsKnownWithinTheWindow) {
  const auto room = Room{2, 40}.talk(0, 0, 15).talk(1, 15, 30);
  const auto changes = live(room);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].person, 1U);
  EXPECT_GT(changes[0].window, 160U);
  EXPECT_LE(changes[0].window, 170U);
}

}  // namespace
}  // namespace rostrum
