// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules of docs/speaker.md.  How well they do on speech: tests/acceptance/speaker.py.
#include "core/speaker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>

namespace rostrum {

void PrintTo(const Switch& s, std::ostream* out) {
  *out << "#" << static_cast<std::int64_t>(s.person) << " from " << format_time(s.from);
}

namespace {

constexpr float kRoom = -70;  // dBFS of a quiet microphone

// Levels by hand: talk has words and pauses, noise has not.
class Meeting {
 public:
  Meeting(std::size_t people, Nanoseconds length)
      : people(people,
               PersonLevels{std::vector<float>(windows(length), kRoom), {{0s, length}}, {}}),
        length_{length} {}

  Meeting& talk(std::size_t person, Nanoseconds from, Nanoseconds to, float level = -20) {
    for (auto i = windows(from); i < windows(to); ++i)
      louder(person, i, i % 8 == 7 ? level - 25 : level + static_cast<float>(i % 3) - 1);
    return *this;
  }

  Meeting& noise(std::size_t person, Nanoseconds from, Nanoseconds to, float level) {
    for (auto i = windows(from); i < windows(to); ++i)
      louder(person, i, level + 0.2F * static_cast<float>(i % 2));
    return *this;
  }

  // Everybody's sound in everybody else's microphone.
  Meeting& cross_talk(float gain) {
    const auto own = people;
    for (std::size_t p = 0; p < people.size(); ++p)
      for (std::size_t q = 0; q < people.size(); ++q)
        for (std::size_t i = 0; p != q && i < own[q].levels.size(); ++i)
          louder(p, i, own[q].levels[i] + gain);
    return *this;
  }

  std::vector<Switch> decide(const SpeakerOptions& options = {}) const {
    return decide_speakers(people, length_, options);
  }

  std::vector<Switch> live(const SpeakerOptions& options = {}) const {
    SpeakerDecision decision{options};
    std::vector<Switch> switches;
    for (std::size_t i = 0; i < windows(length_); ++i) {
      const auto t = kLevelWindow * static_cast<std::int64_t>(i);
      std::vector<Heard> heard;
      for (const auto& p : people)
        heard.push_back({p.levels[i], within(p.present, t), within(p.muted, t), p.presenter});
      if (const auto change = decision.update(t + kLevelWindow, heard)) switches.push_back(*change);
    }
    return switches;
  }

  std::vector<PersonLevels> people;

 private:
  static std::size_t windows(Nanoseconds t) { return static_cast<std::size_t>(t / kLevelWindow); }

  static bool within(const std::vector<Interval>& intervals, Nanoseconds t) {
    for (const auto& i : intervals)
      if (i.contains(t)) return true;
    return false;
  }

  void louder(std::size_t person, std::size_t i, float level) {
    auto& at = people[person].levels[i];
    at = std::max(at, level);
  }

  Nanoseconds length_;
};

using Switches = std::vector<Switch>;

// `length` seconds of turns of a few seconds, from a fixed generator.
Meeting busy(std::size_t people, Nanoseconds length, std::uint32_t seed) {
  Meeting meeting{people, length};
  const auto next = [&seed] { return (seed = seed * 1664525 + 1013904223) >> 8; };
  for (Nanoseconds at = 0s; at < length - 10s;) {
    const auto lasts = 100ms * (5 + next() % 60);
    meeting.talk(next() % people, at, at + lasts, -20 - static_cast<float>(next() % 15));
    at += lasts - 100ms * (next() % 10);
  }
  return meeting;
}

TEST(Speaker, OfNobodyIsNobody) {
  EXPECT_EQ(decide_speakers({}, 10s, {}), (Switches{{0s, kNobody}}));
  EXPECT_EQ(decide_speakers({}, 0s, {}), Switches{});
  EXPECT_EQ(speaker_at({}, 1s), kNobody);
}

TEST(Speaker, IsTheDefaultPersonUntilSomebodyTalks) {
  EXPECT_EQ(Meeting(3, 20s).decide(), (Switches{{0s, 0}}));
  Meeting meeting{3, 20s};
  meeting.people[2].presenter = true;
  EXPECT_EQ(meeting.decide(), (Switches{{0s, 2}}));
  Meeting late{2, 20s};
  late.people[0].present = {{5s, 20s}};
  EXPECT_EQ(late.decide(), (Switches{{0s, 1}})) << "the longest present";
}

TEST(Speaker, ChangesWhereTheTalkBegins) {
  const auto found = Meeting(2, 40s).talk(0, 1s, 11s).talk(1, 11s, 25s).talk(0, 25s, 40s).decide();
  EXPECT_EQ(found, (Switches{{0s, 0}, {11s, 1}, {25s, 0}}));
  EXPECT_EQ(speaker_at(found, 10999ms), 0U);
  EXPECT_EQ(speaker_at(found, 11s), 1U);
}

TEST(Speaker, IsFromTheBeginningWhoTalksThen) {
  EXPECT_EQ(Meeting(3, 20s).talk(2, 0s, 20s).decide(), (Switches{{0s, 2}}));
}

TEST(Speaker, AloneNeedsOnlyTheThreshold) {
  Meeting meeting{2, 30s};
  meeting.people[0].present = {{0s, 5s}};
  meeting.talk(1, 10s, 30s, -43);
  EXPECT_EQ(meeting.decide().back().person, 1U);
  EXPECT_EQ(Meeting(2, 30s).talk(1, 10s, 30s, -50).decide(), (Switches{{0s, 0}}));
}

struct Brief {
  const char* what;
  Nanoseconds lasts;
  bool wins;
};

TEST(Speaker, IsNotWhoInterjects) {
  for (const Brief brief : {Brief{"a cough", 300ms, false}, Brief{"yes", 600ms, false},
                            Brief{"one second", 1s, false}, Brief{"a sentence", 5s, true}}) {
    for (const auto background : {false, true}) {
      Meeting meeting{3, 40s};
      if (background) meeting.talk(0, 1s, 20s, -30).talk(0, 20s + brief.lasts, 40s, -30);
      const auto found = meeting.talk(1, 20s, 20s + brief.lasts, -10).decide({.hold = 1s});
      EXPECT_EQ(speaker_at(found, 20s + brief.lasts / 2) == 1U, brief.wins) << brief.what;
    }
  }
}

TEST(Speaker, IsNotSteadyNoise) {
  for (const float level : {-40.F, -20.F, -5.F}) {
    EXPECT_EQ(Meeting(3, 60s).noise(1, 0s, 60s, level).decide(), (Switches{{0s, 0}})) << level;
    EXPECT_EQ(Meeting(3, 60s).noise(1, 10s, 50s, level).decide(), (Switches{{0s, 0}})) << level;
    EXPECT_EQ(Meeting(3, 60s).noise(1, 10s, 50s, level).live(), (Switches{{100ms, 0}})) << level;
  }
}

TEST(Speaker, TalksOverTheNoiseOfTheMicrophone) {
  const auto found = Meeting(3, 40s).noise(1, 0s, 40s, -40).talk(1, 10s, 25s, -20).decide();
  EXPECT_EQ(found, (Switches{{0s, 0}, {10s, 1}, {35s, 0}}));
  const auto other = Meeting(2, 40s).noise(0, 0s, 40s, -35).talk(1, 10s, 40s, -38).decide();
  EXPECT_EQ(other, (Switches{{0s, 0}, {10s, 1}})) << "noise is not one of the other voices";
}

TEST(Speaker, OfSeveralIsTheLoudest) {
  const auto found =
      Meeting(4, 30s).talk(1, 5s, 30s, -26).talk(2, 5s, 30s, -20).talk(3, 5s, 30s, -30).decide();
  EXPECT_EQ(found, (Switches{{0s, 0}, {5s, 2}}));
}

TEST(Speaker, StaysWhenAnotherIsHardlyLouder) {
  const auto found = Meeting(4, 30s).talk(1, 0s, 30s, -22).talk(2, 10s, 30s, -20).decide();
  EXPECT_EQ(found, (Switches{{0s, 1}}));
  const auto tie = Meeting(4, 30s).talk(1, 5s, 30s).talk(2, 5s, 30s).decide();
  EXPECT_EQ(tie, (Switches{{0s, 0}, {5s, 1}})) << "of equals the first";
}

TEST(Speaker, OfTwoWithinTheMarginStays) {
  const auto found = Meeting(2, 30s).talk(0, 0s, 30s, -22).talk(1, 5s, 30s, -20).decide();
  EXPECT_EQ(found, (Switches{{0s, 0}}));
}

TEST(Speaker, IsTheQuietOneWhenTheyTalkAlone) {
  for (const std::size_t count : {2U, 5U}) {
    Meeting meeting{count, 60s};
    for (int turn = 0; turn < 3; ++turn) {
      meeting.talk(0, 20s * turn, 20s * turn + 10s, -12);
      meeting.talk(1, 20s * turn + 10s, 20s * turn + 20s, -39);
    }
    const auto found = meeting.cross_talk(-25).decide();
    EXPECT_EQ(found, (Switches{{0s, 0}, {10s, 1}, {20s, 0}, {30s, 1}, {40s, 0}, {50s, 1}}));
  }
}

TEST(Speaker, IsNeverMuted) {
  Meeting meeting{3, 40s};
  meeting.people[1].muted = {{10s, 20s}};
  meeting.talk(1, 10s, 30s);
  EXPECT_EQ(meeting.decide(), (Switches{{0s, 0}, {20s, 1}}));
  for (const auto& change : meeting.live()) EXPECT_FALSE(change.person == 1 && change.from < 20s);
  meeting.people[1].muted = {{0s, 40s}};
  EXPECT_EQ(meeting.decide(), (Switches{{0s, 0}}));
}

TEST(Speaker, StaysWhileNobodyTalksAndGoesBackAfterTenSeconds) {
  EXPECT_EQ(Meeting(3, 19s).talk(1, 5s, 10s).decide(), (Switches{{0s, 0}, {5s, 1}}));
  EXPECT_EQ(Meeting(3, 40s).talk(1, 5s, 10s).decide(), (Switches{{0s, 0}, {5s, 1}, {20s, 0}}));
}

TEST(Speaker, WhoJoinsTalkingIsTheSpeakerAtOnce) {
  Meeting meeting{3, 40s};
  meeting.people[1].present = {{15s, 40s}};
  EXPECT_EQ(meeting.talk(1, 10s, 30s).decide(), (Switches{{0s, 0}, {15s, 1}}));
}

TEST(Speaker, WhoLeavesTalkingIsFollowedByTheDefaultPerson) {
  Meeting meeting{3, 40s};
  meeting.people[1].present = {{0s, 20s}};
  EXPECT_EQ(meeting.talk(1, 10s, 30s).decide(), (Switches{{0s, 0}, {10s, 1}, {20s, 0}}));
  EXPECT_EQ(meeting.live().back().person, 0U);
}

TEST(Speaker, OfAnEmptyRoomIsNobody) {
  Meeting meeting{1, 40s};
  meeting.people[0].present = {{10s, 20s}};
  EXPECT_EQ(meeting.decide(), (Switches{{0s, kNobody}, {10s, 0}, {20s, kNobody}}));
}

TEST(Speaker, IsFoundAmongTwentyThree) {
  Meeting meeting{23, 23 * 10s};
  Switches expected;
  for (std::size_t p = 0; p < 23; ++p) {
    const auto at = 10s * static_cast<std::int64_t>(p);
    meeting.talk(p, at, at + 10s);
    expected.push_back({at, p});
  }
  EXPECT_EQ(meeting.cross_talk(-25).decide(), expected);
}

TEST(Speaker, NeverChangesTwiceWithinHold) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed)
    for (const auto hold : {500ms, 1000ms, 4000ms, 7050ms}) {
      const auto meeting = busy(2 + seed % 5, 60s, seed);
      for (const auto& found : {meeting.decide({.hold = hold}), meeting.live({.hold = hold})})
        for (std::size_t i = 2; i < found.size(); ++i)
          EXPECT_GE(found[i].from - found[i - 1].from, hold) << "seed " << seed;
    }
}

TEST(Speaker, ForegoesAShortTurnForALongOne) {
  // at a hold of 4 s, to show the second would cost the third more
  const auto found =
      Meeting(3, 40s).talk(0, 0s, 10s).talk(1, 10s, 11500ms).talk(2, 11500ms, 40s).decide();
  EXPECT_EQ(found, (Switches{{0s, 0}, {11500ms, 2}}));
}

TEST(Speaker, TakesAnyNumberForALevel) {
  Meeting meeting{2, 20s};
  for (std::size_t i = 0; i < 50; ++i) meeting.people[1].levels[i] = std::nanf("");
  meeting.people[1].levels[60] = std::numeric_limits<float>::infinity();
  meeting.people[0].levels.resize(3);
  EXPECT_EQ(meeting.talk(1, 10s, 20s).decide(), (Switches{{0s, 0}, {10s, 1}}));
}

TEST(SpeakerDecision, ChangesAfterMoreThanHalfAWindowOfTalk) {
  Meeting meeting{3, 40s};
  const auto found = meeting.talk(0, 0s, 10s).talk(1, 20s, 40s).live();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].person, 1U);
  EXPECT_GT(found[1].from, 21s);
  EXPECT_LE(found[1].from, 22s);
}

TEST(SpeakerDecision, IgnoresInterjectionsAndReturnsToTheDefault) {
  Meeting meeting{3, 60s};
  meeting.talk(2, 5s, 20s).talk(1, 10s, 11s, -10).talk(1, 22s, 23s, -10);
  const auto found = meeting.live();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[1].person, 2U);
  EXPECT_EQ(found[2].person, 0U);
  EXPECT_NEAR(to_seconds(found[2].from), 30, 2);
}

TEST(SpeakerDecision, CountsWindowsThatAreMissingAsSilence) {
  SpeakerDecision decision{{}};
  const std::vector<Heard> people{{kRoom}, {-20}};
  EXPECT_EQ(decision.update(100ms, people), (Switch{100ms, 0}));
  EXPECT_EQ(decision.update(30s, people), std::nullopt);
  EXPECT_EQ(decision.update(60s, people), std::nullopt);
  EXPECT_EQ(decision.current(), 0U);
}

}  // namespace
}  // namespace rostrum
