// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a job says that somebody is heard.
#include "core/silent_clips.h"

#include "small_meeting.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

// Ten minutes; Anna's camera, Boris's microphone, music.
struct Recording : test::Meeting {
  Recording() {
    manifest.duration = 600s;
    manifest.tracks[0].clips[0].duration.reset();
    manifest.tracks[1].clips[0].duration.reset();
    manifest.tracks[1].clips[0].muted.clear();
    media["a"].duration = media["b"].duration = 300s;
  }
  Clip& clip(std::size_t track) { return manifest.tracks[track].clips[0]; }
  std::map<std::string, ExpectedSound> expected() const { return expected_sound(manifest, media); }
};

TEST(SilentClips, SoundIsExpectedOfWhoIsOpenForAMinute) {
  Recording r;
  const auto found = r.expected();
  ASSERT_EQ(found.size(), 2U);
  const auto& boris = found.at("b");
  ASSERT_EQ(boris.clips.size(), 1U);
  EXPECT_EQ(boris.clips[0].pointer, "/tracks/1/clips/0");
  EXPECT_EQ(boris.clips[0].expected, (std::vector<Interval>{{1s, 301s}}));
  EXPECT_EQ(boris.in_medium, (std::vector<Interval>{{0s, 300s}}));
}

TEST(SilentClips, NotOfWhoIsMutedNorOfWhoIsOpenForLess) {
  Recording r;
  r.clip(1).muted = {{0s, 600s}};
  EXPECT_FALSE(r.expected().contains("b"));
  r.clip(1).muted = {{61s, 600s}};
  EXPECT_TRUE(r.expected().contains("b")) << "60 s";
  r.clip(1).muted = {{60900ms, 600s}};
  EXPECT_FALSE(r.expected().contains("b"));
}

TEST(SilentClips, WhereALogSaysWhoTalksOnlyOfThose) {
  Recording r;
  r.manifest.people[1].talking = {{10s, 12s}, {400s, 500s}};
  const auto found = r.expected();
  EXPECT_FALSE(found.contains("a")) << "Anna did not say a word";
  ASSERT_TRUE(found.contains("b"));
  EXPECT_EQ(found.at("b").clips[0].expected, (std::vector<Interval>{{10s, 12s}}));
  EXPECT_EQ(found.at("b").in_medium, (std::vector<Interval>{{9s, 11s}}));
  r.manifest.people[1].talking = {{10s, 10900ms}};
  EXPECT_TRUE(r.expected().empty()) << "less than a second is no talk";
}

TEST(SilentClips, NotOfTheCameraOfWhoHasAMicrophone) {
  Recording r;
  r.manifest.tracks[1].person = "anna";
  const auto found = r.expected();
  EXPECT_FALSE(found.contains("a"));
  EXPECT_TRUE(found.contains("b"));
}

TEST(SilentClips, NotOfScreensNorOfWhatCannotBeUsed) {
  Recording r;
  r.manifest.tracks[0].kind = TrackKind::screen;
  r.media["b"].problem = "it is empty";
  EXPECT_TRUE(r.expected().empty());
}

TEST(SilentClips, AreNotedInThePlanWithinThePartThatIsRendered) {
  Recording r;
  EXPECT_TRUE(r.plan().silent.empty());
  r.media["b"].silent = true;
  const auto plan = r.plan({.from = 100s, .to = 200s});
  ASSERT_EQ(plan.silent.size(), 1U);
  EXPECT_EQ(plan.silent[0], (SilentClip{"b", "/tracks/1/clips/0", {{100s, 200s}}}));
  ASSERT_EQ(plan.warnings.size(), 1U);
  EXPECT_EQ(plan.warnings[0],
            "/tracks/1/clips/0: asset \"b\": expected sound, found digital silence from "
            "0:01:40.000 to 0:03:20.000");
  EXPECT_TRUE(r.plan({.from = 400s}).silent.empty());
}

TEST(SilentClips, ALevelOverTheLeastIsSound) {
  EXPECT_TRUE(all_silent(std::vector<std::int16_t>{-1200, -900}));
  EXPECT_FALSE(all_silent(std::vector<std::int16_t>{-1200, -899}));
  EXPECT_FALSE(all_silent({})) << "nothing is known";
}

}  // namespace
}  // namespace rostrum
