// SPDX-License-Identifier: LGPL-2.1-or-later
// What plays where a clip's medium has nothing.
#include "core/slice.h"
#include "core/stems.h"
#include "small_meeting.h"

namespace rostrum {
namespace {

using test::drawing;
using test::medium;

// The meeting, whose camera may have a film, a picture and a sound as fallbacks.
struct Damaged : test::Meeting {
  Damaged() {
    media["film"] = medium(2s, true, true);
    media["slate"] = drawing(1280, 720);
    media["sound"] = medium(60s, false, true);
    media["gone"].problem = "it is missing";
  }
  Clip& camera() { return manifest.tracks[0].clips[0]; }
  void lose_camera() {
    media["a"] = MediaInfo{};
    media["a"].problem = "it is empty";
    media["a"].path = "a.mp4";
  }
};

struct Entry {
  std::string asset, pointer, what, fallback;
  Interval when;

  friend bool operator==(const Entry&, const Entry&) = default;
  friend void PrintTo(const Entry& e, std::ostream* out) {
    *out << e.asset << ' ' << e.pointer << ' ' << e.what << ' ' << format_time(e.when.from)
         << " to " << format_time(e.when.to) << " by \"" << e.fallback << '"';
  }
};

std::vector<Entry> entries(const Plan& plan) {
  std::vector<Entry> found;
  for (const auto& s : plan.substitutions)
    found.push_back({s.asset, s.pointer, s.what, s.fallback, s.when});
  return found;
}

struct Played {
  std::string asset;
  Nanoseconds start, in, duration;

  friend bool operator==(const Played&, const Played&) = default;
  friend void PrintTo(const Played& p, std::ostream* out) {
    *out << p.asset << " at " << format_time(p.start) << " from " << format_time(p.in) << " for "
         << format_time(p.duration);
  }
};

std::vector<Played> played(const PlannedTrack& track) {
  std::vector<Played> found;
  for (const auto& c : track.clips) found.push_back({c.asset, c.start, c.in, c.playable});
  return found;
}

TEST(Fallback, IsNotUsedWhereTheMediumPlays) {
  Damaged m;
  m.camera().fallback = {"slate"};
  const auto plan = m.plan();
  EXPECT_EQ(plan_json(plan), plan_json(test::Meeting{}.plan()));
}

TEST(Fallback, PlaysOneAfterTheOtherInOrder) {
  Damaged m;
  m.lose_camera();
  m.camera().fallback = {"film"};
  m.manifest.tracks[0].fallback = {"film", "slate", "sound"};
  const auto plan = m.plan();
  EXPECT_EQ(
      played(plan.tracks[0]),
      (std::vector<Played>{{"film", 2s, 0s, 2s}, {"film", 4s, 0s, 2s}, {"slate", 6s, 0s, 2s}}));
  EXPECT_EQ(entries(plan),
            (std::vector<Entry>{{"a", "/tracks/0/clips/0", "damaged", "film", {2s, 4s}},
                                {"a", "/tracks/0/clips/0", "damaged", "film", {4s, 6s}},
                                {"a", "/tracks/0/clips/0", "damaged", "slate", {6s, 8s}}}));
}

TEST(Fallback, FollowsAMediumThatEndsEarly) {
  Damaged m;
  m.media["a"].duration = 1500ms;
  m.camera().fallback = {"film"};
  const auto plan = m.plan();
  EXPECT_EQ(played(plan.tracks[0]),
            (std::vector<Played>{{"a", 2s, 0s, 1500ms}, {"film", 3500ms, 0s, 2s}}));
  EXPECT_EQ(entries(plan),
            (std::vector<Entry>{{"a", "/tracks/0/clips/0", "short", "film", {3500ms, 5500ms}},
                                {"a", "/tracks/0/clips/0", "short", "", {5500ms, 8s}}}));
}

TEST(Fallback, ThatCannotBeUsedIsPassedOverAndNamed) {
  Damaged m;
  m.lose_camera();
  m.camera().fallback = {"gone", "slate"};
  const auto plan = m.plan();
  EXPECT_EQ(played(plan.tracks[0]), (std::vector<Played>{{"slate", 2s, 0s, 6s}}));
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].why,
            "it is empty; nor can the fallback \"gone\" be used: it is missing");
  m.camera().fallback = std::vector<std::string>(7, "gone");
  EXPECT_TRUE(m.plan().substitutions[0].why.ends_with("it is missing; nor 5 more"));
  m.camera().fallback = {"gone"};
  EXPECT_EQ(entries(m.plan()),
            (std::vector<Entry>{{"a", "/tracks/0/clips/0", "damaged", "", {2s, 8s}}}));
}

TEST(Fallback, OfAMicrophoneMustSound) {
  Damaged m;
  m.media["b"].problem = "it is empty";
  auto& voice = m.manifest.tracks[1].clips[0];
  voice.fallback = {"slate", "sound"};
  voice.sound.fade_in = 1s;
  const auto plan = m.plan();
  EXPECT_EQ(played(plan.tracks[1]), (std::vector<Played>{{"sound", 1s, 0s, 8s}}));
  EXPECT_EQ(plan.tracks[1].clips[0].muted, (std::vector<Interval>{{4s, 5s}}));
  EXPECT_EQ(plan.tracks[1].gains.size(), 2U) << "of the mute and of the fade";
}

TEST(Fallback, OfASlideMustBeAPicture) {
  Damaged m;
  Clip slide;
  slide.asset = "gone";
  slide.page = 7;
  m.manifest.tracks.push_back({"deck", TrackKind::slides, "", {slide}});
  m.manifest.tracks.back().fallback = {"film", "slate"};
  const auto plan = m.plan();
  EXPECT_EQ(played(plan.tracks[2]), (std::vector<Played>{{"slate", 0s, 0s, 10s}}));
  EXPECT_EQ(plan.tracks[2].clips[0].page, 1);
}

TEST(Fallback, APictureStandsStillInItsTile) {
  Damaged m;
  m.lose_camera();
  m.camera().fallback = {"slate"};
  const auto plan = m.plan();
  const auto all = slots(plan, plan.frames);
  const auto slot = std::find_if(all.begin(), all.end(), [](const Slot& s) {
    return !s.pieces.empty() && s.pieces[0].asset == "slate";
  });
  ASSERT_NE(slot, all.end());
  EXPECT_TRUE(slot->slides);
  ASSERT_EQ(slot->pieces.size(), 1U);
  EXPECT_EQ(slot->pieces[0].start, 2s);
  EXPECT_EQ(slot->pieces[0].duration, 6s);
}

TEST(Loops, OfAJobAreLimitedTogether) {
  Damaged m;
  m.manifest.duration = 3600s;
  auto& voice = m.manifest.tracks[1].clips[0];
  voice.loop = true;
  voice.muted.clear();
  voice.duration = 3599s;
  m.media["b"].duration = 60ms;  // 59 984 rounds
  EXPECT_TRUE(m.plan().substitutions.empty());
  m.manifest.tracks.push_back(m.manifest.tracks[1]);
  m.manifest.tracks.back().id = "again";
  const auto plan = m.plan();
  ASSERT_EQ(plan.substitutions.size(), 1U);
  EXPECT_EQ(plan.substitutions[0].pointer, "/tracks/2/clips/0");
  EXPECT_EQ(
      plan.substitutions[0].why,
      "the medium ends at 0:00:00.060, and the job's loops would begin again more than 100000 "
      "times");
}

TEST(Loops, TakeOnlyTheMutesThatTheyNeed) {
  Damaged m;
  auto& voice = m.manifest.tracks[1].clips[0];
  voice.loop = true;
  m.media["b"].duration = 2s;
  const auto plan = m.plan();
  const auto& clips = plan.tracks[1].clips;
  ASSERT_EQ(clips.size(), 4U);
  EXPECT_TRUE(clips[0].muted.empty());
  EXPECT_EQ(clips[1].muted, (std::vector<Interval>{{4s, 5s}}));
  EXPECT_TRUE(clips[2].muted.empty());
}

TEST(Stems, AreLimitedInTheirLengthTogether) {
  Damaged m;
  m.manifest.duration = std::chrono::hours{20};
  const auto plan = m.plan();
  EXPECT_EQ(too_long(std::vector<Stem>(50), plan), "");
  EXPECT_EQ(
      too_long(std::vector<Stem>(200), plan),
      "the 200 stems are 4000 hours long together, at most 1000 can be made; render parts with "
      "--from and --to");
}

}  // namespace
}  // namespace rostrum
