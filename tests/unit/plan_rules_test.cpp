// SPDX-License-Identifier: LGPL-2.1-or-later
// People whom the user's scenes name while no camera shows them.
#include "core/plan_rules.h"
#include "small_meeting.h"

using namespace rostrum;
using namespace rostrum::test;

namespace {

// The persons with a card, at a frame.
std::vector<std::string> cards(const Plan& plan, std::int64_t frame) {
  std::vector<std::string> found;
  for (const auto& tile : scene_at(plan, frame).tiles)
    if (tile.card) found.push_back(plan.tracks[tile.track].person);
  return found;
}

using Ids = std::vector<std::string>;

TEST(NamedPeople, HaveACardWhileTheyHaveNoCamera) {
  Meeting m;  // Anna's camera: frames 50 to 200; Boris has none
  m.manifest.layout.policy = Policy::grid;
  m.manifest.scenes = {{.start = 1s, .people = Ids{"anna", "boris"}}, {.start = 9s}};
  const auto plan = m.plan();
  EXPECT_EQ(cards(plan, 24), Ids{});
  EXPECT_EQ(cards(plan, 25), (Ids{"anna", "boris"}));
  EXPECT_EQ(cards(plan, 50), (Ids{"boris"}));
  EXPECT_EQ(cards(plan, 199), (Ids{"boris"}));
  EXPECT_EQ(cards(plan, 200), (Ids{"anna", "boris"}));
  EXPECT_EQ(cards(plan, 225), Ids{});
}

TEST(NamedPeople, AreWarnedAbout) {
  Meeting m;
  m.manifest.people.push_back({"clara", "Clara", {}});
  m.manifest.scenes = {{.start = 1s, .speaker = "clara", .people = Ids{"anna"}}, {.start = 3s}};
  EXPECT_EQ(m.plan().warnings,
            (Ids{"/scenes/0: \"anna\" has no camera from 0:00:01.000 to 0:00:02.000: a card with "
                 "initials is shown instead",
                 "/scenes/0: \"clara\" has no camera from 0:00:01.000 to 0:00:03.000: and no "
                 "track, so nothing is shown instead"}));
  EXPECT_TRUE(Meeting{}.plan().warnings.empty());
}

TEST(NamedPeople, WhoAreNotAmongTheScenesPeopleAreNotPromisedACard) {
  Meeting m;
  CustomPlace place;
  place.role = PlaceRole::person;
  place.person = "anna";
  place.width = place.height = {50, true};
  m.manifest.scenes = {{.start = 1s, .speaker = "boris", .people = Ids{"anna"}},
                       {.start = 2s},
                       {.start = 9s, .policy = Policy::custom, .custom = {place}, .people = Ids{}}};
  const auto plan = m.plan();
  EXPECT_EQ(plan.warnings,
            (Ids{"/scenes/0: \"anna\" has no camera from 0:00:01.000 to 0:00:02.000: a card with "
                 "initials is shown instead",
                 "/scenes/0: \"boris\" has no camera from 0:00:01.000 to 0:00:02.000: and is not "
                 "among the scene's people, so nothing is shown instead",
                 "/scenes/2: \"anna\" has no camera from 0:00:09.000 to 0:00:10.000: and is not "
                 "among the scene's people, so nothing is shown instead"}));
  EXPECT_EQ(cards(plan, 25), (Ids{"anna"}));
  EXPECT_EQ(cards(plan, 230), Ids{});
}

TEST(NamedPeople, HaveOneCardBesideThoseOfTwoMicrophones) {
  Meeting m;
  m.manifest.layout.cards = true;
  auto second = m.manifest.tracks[1];
  second.id = "second";
  second.clips[0].muted.clear();
  second.clips[0].duration = 2s;  // before what is heard of the first
  m.manifest.tracks[1].clips[0].start = 6s;
  m.manifest.tracks[1].clips[0].duration = 2s;
  m.manifest.tracks.push_back(second);
  m.manifest.scenes = {{.start = 0s, .people = Ids{"boris"}}};
  const auto plan = m.plan();
  for (const std::int64_t frame : {0, 24, 25, 74, 75, 149, 150, 199, 200, 249})
    EXPECT_EQ(cards(plan, frame), (Ids{"boris"})) << frame;
}

TEST(NamedPeople, HaveOneCardWhereTheHeardHaveOne) {
  Meeting m;
  m.manifest.layout.cards = true;  // Boris is heard from 1 s to 9 s, but for 4 s to 5 s
  m.manifest.scenes = {{.start = 0s, .people = Ids{"boris"}}};
  const auto plan = m.plan();
  for (const std::int64_t frame : {0, 24, 25, 60, 99, 100, 124, 125, 224, 249})
    EXPECT_EQ(cards(plan, frame), (Ids{"boris"})) << frame;
}

TEST(NamedPeople, OfACustomPlaceHaveACardThere) {
  Meeting m;
  CustomPlace place;
  place.role = PlaceRole::person;
  place.person = "boris";
  place.width = place.height = {50, true};
  m.manifest.scenes = {{.start = 0s, .policy = Policy::custom, .custom = {place}}};
  const auto plan = m.plan();
  ASSERT_EQ(scene_at(plan, 100).tiles.size(), 1U);
  EXPECT_EQ(scene_at(plan, 100).tiles[0].rect, (Rect{0, 0, 640, 360}));
  EXPECT_TRUE(scene_at(plan, 100).tiles[0].card);
}

TEST(NamedPeople, CanHaveMediaThatCannotBePlayed) {
  Meeting m;
  m.media["b"] = MediaInfo{};
  m.media["b"].problem = "it is damaged";
  m.manifest.scenes = {{.start = 0s, .people = Ids{"boris"}}};
  EXPECT_EQ(cards(m.plan(), 100), (Ids{"boris"}));
}

TEST(NamedPeople, AreTheSpeakerWhereTheSceneSaysSo) {
  Meeting m;
  m.manifest.layout.policy = Policy::speaker;
  m.manifest.scenes = {{.start = 3s, .speaker = "boris"}};
  EXPECT_EQ(cards(m.plan(), 70), Ids{});
  EXPECT_EQ(cards(m.plan(), 75), (Ids{"boris"}));
}

TEST(Cards, MakeWhoIsHeardTheSpeaker) {
  Meeting m;
  m.manifest.layout.policy = Policy::speaker;
  m.manifest.layout.cards = true;
  m.manifest.layout.speaker.source = SpeakerSource::log;
  m.manifest.people[1].talking = {{3s, 4s}, {5s, 9s}};
  EXPECT_EQ(cards(m.plan(), 140), (Ids{"boris"}));
  m.manifest.layout.cards = false;
  EXPECT_EQ(cards(m.plan(), 140), Ids{});
}

// The line of an explanation that says what rules the picture.
std::string ruling(const Meeting& m, Nanoseconds t) {
  const auto text = explain(m.plan(), m.manifest, m.media, t);
  const auto line = text.substr(0, text.find('\n'));
  return line.substr(line.rfind(", ") + 2);
}

TEST(Explain, NamesThePolicyThatHoldsThen) {
  Meeting m;
  m.manifest.layout.policy = Policy::speaker;
  m.manifest.scenes = {{.start = 3s, .policy = Policy::grid}, {.start = 5s}};
  EXPECT_EQ(ruling(m, 2960ms), "policy speaker.");
  EXPECT_EQ(ruling(m, 3s), "policy grid by /scenes/0.");
  EXPECT_EQ(ruling(m, 4960ms), "policy grid by /scenes/0.");
  EXPECT_EQ(ruling(m, 5s), "policy speaker.");
}

TEST(Explain, NamesTheCardThatCoversThePicture) {
  Meeting m;
  m.manifest.cards = {{CardPlace::start, {}, 1s, "Title,\nnow", "Text", 0, 0},
                      {CardPlace::end, {}, 1s, "End", "", 0, 0}};
  EXPECT_EQ(ruling(m, 960ms), "covered by a card.");
  EXPECT_EQ(ruling(m, 1s), "policy webinar.");
  EXPECT_EQ(ruling(m, 9s), "covered by a card.");
}

}  // namespace
