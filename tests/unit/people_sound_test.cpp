// SPDX-License-Identifier: LGPL-2.1-or-later
// How loud each person is.
#include "core/people_sound.h"

#include "core/loudness.h"
#include "core/speaker.h"
#include "small_meeting.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rostrum {
namespace {

// Sixty seconds: Anna talks at -20 LUFS from 10 s to 30 s, Boris at -32 LUFS from 40 s on.
struct Loud : test::Meeting {
  Loud() {
    manifest.duration = 60s;
    for (std::size_t t : {0U, 1U}) {
      auto& clip = manifest.tracks[t].clips[0];
      clip.start = 0s;
      clip.duration = 60s;
      clip.muted.clear();
    }
    manifest.audio.loudness = -16;
    media["a"] = sound(100, 300, -200);
    media["b"] = sound(400, 600, -320);
    media["a"].video = VideoInfo{640, 360, {25, 1}};
  }

  static MediaInfo sound(std::size_t from, std::size_t to, std::int16_t tenths) {
    auto info = test::medium(60s, false, true);
    info.levels.assign(600, -700);
    info.loudness.assign(600, -1200);
    info.peaks.assign(600, -1200);
    for (auto w = from; w < to; ++w) {
      if (w % 8 == 7) continue;  // between two words
      info.levels[w] = info.loudness[w] = tenths;
      info.peaks[w] = static_cast<std::int16_t>(tenths + 120);
    }
    return info;
  }

  std::vector<PersonSound> people(const PlanOptions& options = {}) const {
    return people_sound(plan(options), manifest, media);
  }
};

TEST(PeopleSound, IsThatOfTheirWindowsWithAllGains) {
  Loud l;
  l.manifest.tracks[1].sound.gain = 3;
  const auto made_up = 20 * std::log10(l.plan().made_up);
  const auto found = l.people();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, "anna");
  EXPECT_EQ(found[1].name, "борис б.");
  EXPECT_NEAR(found[0].integrated.value(), -20 - 0.58 + made_up, 0.2);
  EXPECT_NEAR(found[1].integrated.value() - found[0].integrated.value(), -9, 0.1);
  EXPECT_NEAR(found[0].peak.value(), -8 + made_up, 0.01);
  EXPECT_NEAR(found[1].peak.value(), -17 + made_up, 0.01);
  EXPECT_NEAR(to_seconds(found[0].talk.value()), 20, 0.3);
  EXPECT_NEAR(to_seconds(found[1].talk.value()), 20, 0.3);
}

TEST(PeopleSound, IsThatOfThePartThatIsRendered) {
  Loud l;
  const auto found = l.people({.from = 20s, .to = 45s});
  EXPECT_NEAR(to_seconds(found[0].talk.value()), 10, 0.3);
  EXPECT_NEAR(to_seconds(found[1].talk.value()), 5, 0.3);
  EXPECT_FALSE(l.people({.from = 35s})[0].integrated) << "Anna is silent there";
}

TEST(PeopleSound, TalkDoesNotHangOnTheLoudnessOfTheJob) {
  Loud l;
  const auto talk = l.people()[1].talk.value();
  l.manifest.audio.loudness = -40;
  EXPECT_EQ(l.people()[1].talk.value(), talk);
}

TEST(PeopleSound, SaysNothingThatWasNotMeasured) {
  Loud l;
  l.manifest.audio.loudness.reset();
  EXPECT_FALSE(l.people()[0].integrated);
  EXPECT_TRUE(l.people()[0].talk);
  l.media["a"].levels.clear();
  EXPECT_FALSE(l.people()[0].talk);
  l.manifest.layout.speaker.source = SpeakerSource::log;
  l.manifest.people[0].talking = {{5s, 8s}};
  EXPECT_EQ(l.people()[0].talk, 3s);
  EXPECT_EQ(l.people()[1].talk, 0s);
}

}  // namespace
}  // namespace rostrum
