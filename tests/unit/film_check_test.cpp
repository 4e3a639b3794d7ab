// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/film_page.h"

#include "small_meeting.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rostrum {
namespace {

class FilmCheck : public testing::Test {
 protected:
  // A look at Anna's camera at that frame.
  SeenTile seen(std::int64_t frame) const {
    SeenTile one;
    while (!plan_.scenes[one.scene].frames.contains(frame)) ++one.scene;
    one.frames = {frame, frame + 15};
    one.match.likeness = {1, 0.99};
    return one;
  }
  SeenTile late(std::int64_t frame, int lag) const {
    auto one = seen(frame);
    one.match.certain = true;
    one.match.lag = lag;
    return one;
  }
  // What is not right, one a line.
  std::string faults() const {
    std::string text;
    for (const auto& f : judge_comparison(plan_, found_))
      if (f.weight != Weight::right) text += f.text + "\n";
    return text;
  }

  test::Meeting meeting_;
  Plan plan_ = meeting_.plan();
  Comparison found_;
};

TEST_F(FilmCheck, NothingFoundIsComplete) {
  for (int n = 60; n < 180; n += 20) found_.seen.push_back(late(n, n % 3 - 1));
  found_.heard = {{{1}, {1s, 7s}, SoundLag{20ms, 0.9}}, {{1}, {2s, 8s}, {}}};
  found_.sound.emplace();
  EXPECT_EQ(faults(), "");
  EXPECT_STREQ(verdict_of(judge_comparison(plan_, found_)), "complete");
}

TEST_F(FilmCheck, LooksThatFollowEachOtherAreOneFinding) {
  for (int n = 60; n < 190; n += 10) found_.seen.push_back(seen(n));
  for (int i = 3; i < 6; ++i) found_.seen[static_cast<std::size_t>(i)].match.unlike = true;
  EXPECT_EQ(faults(),
            "from 0:00:03.600 to 0:00:05.000 the camera of \"Anna?A.\" is not what is seen in its "
            "place\n");
}

TEST_F(FilmCheck, MostlyOtherPicturesAreAnotherJob) {
  for (int n = 60; n < 190; n += 10) {
    found_.seen.push_back(seen(n));
    found_.seen.back().match.unlike = true;
  }
  EXPECT_NE(faults().find("this is not a film of this job: 13 of 13"), std::string::npos)
      << faults();
}

TEST_F(FilmCheck, APictureThatIsEarlyFromSomewhereOnMeansThatSomethingIsMissing) {
  for (int n = 60; n < 190; n += 20) found_.seen.push_back(late(n, n < 110 ? 0 : -25));
  EXPECT_EQ(faults(),
            "from 0:00:04.800 on the picture is 1.00 s early: about as much is missing between "
            "0:00:04.000 and 0:00:04.800\n");
}

TEST_F(FilmCheck, OneLookThatIsLateAmongOthersIsNoFinding) {
  for (int n = 60; n < 190; n += 20) found_.seen.push_back(late(n, n == 100 ? 9 : 0));
  EXPECT_EQ(faults(), "");
}

TEST_F(FilmCheck, SoundThatIsLateAndThatRunsAway) {
  for (int t = 1; t < 4; ++t)
    found_.heard.push_back({{1}, {t * 1s, t * 1s + 6s}, SoundLag{80ms, 0.95}});
  EXPECT_EQ(faults(), "all through the sound is 80 ms late\n");
  for (int t = 1; t < 4; ++t) found_.heard[static_cast<std::size_t>(t - 1)].lag->lag = 24ms * t;
  EXPECT_EQ(faults(), "from 0:00:02.000 on the sound is 72 ms late\n");
}

TEST_F(FilmCheck, OneMeasureAloneIsAWarning) {
  found_.heard = {{{1}, {1s, 7s}, SoundLag{80ms, 0.95}}, {{1}, {2s, 8s}, {}}};
  EXPECT_EQ(faults(), "all through the sound is 80 ms late, at the only place that tells\n");
  EXPECT_STREQ(verdict_of(judge_comparison(plan_, found_)), "complete");
}

TEST_F(FilmCheck, WhatIsSubstitutedIsNotWrong) {
  found_.seen = {seen(100), seen(120)};
  for (auto& one : found_.seen) one.match.unlike = true;
  found_.frozen = {{found_.seen[0].scene, 0, {4s, 5s}}};
  found_.substitutions = {{"a", "/tracks/0/clips/0", "damaged", {4s, 8s}, "it is damaged"}};
  EXPECT_EQ(faults(), "from 0:00:04.000 to 0:00:08.000 \"a\" is substituted: it is damaged\n");
  EXPECT_STREQ(verdict_of(judge_comparison(plan_, found_)), "complete with substitutions");
}

TEST_F(FilmCheck, BlackExplainsStandstill) {
  const auto scene = seen(100).scene;
  found_.black = {{scene, 0, {4s, 9s}}};
  found_.frozen = {{scene, 0, {4s, 9s}}};
  EXPECT_EQ(faults(),
            "from 0:00:04.000 to 0:00:09.000 the film is black, where the camera of \"Anna?A.\" "
            "was to be seen\n");
}

TEST_F(FilmCheck, ASubstitutedTileDoesNotExcuseABlackFilm) {
  const auto scene = seen(100).scene;
  auto other = plan_.scenes[scene].tiles.front();
  other.track = 1;
  plan_.scenes[scene].tiles.push_back(other);
  found_.black = {{scene, 0, {4s, 9s}}, {scene, 1, {4s, 9s}}};
  found_.substitutions = {{"a", "", "stalled", {4s, 9s}, "no data came"}};
  EXPECT_EQ(faults().find("from 0:00:04.000 to 0:00:09.000 the film is black"), 0U) << faults();
  found_.black.pop_back();
  EXPECT_EQ(faults(), "from 0:00:04.000 to 0:00:09.000 \"a\" is substituted: no data came\n");
}

TEST_F(FilmCheck, SaysOfHowManyStretchesItSpeaks) {
  found_.every_frame = true;
  found_.still = {200, 60};
  const auto findings = judge_comparison(plan_, found_);
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [](const Finding& f) {
    return f.text ==
           "nothing stands still that was to move (of 200 stretches the 60 longest were "
           "looked into)";
  }));
}

TEST_F(FilmCheck, VoicesThatAreLostAndSoundThatNobodyMakes) {
  found_.sound = SoundJudgement{{{SoundFault::Kind::lost, {5s, 7s}, "борис б.", {1}},
                                 {SoundFault::Kind::uncalled, {9s, 9500ms}, ""}},
                                {}};
  EXPECT_EQ(faults(),
            "from 0:00:05.000 to 0:00:07.000 \"борис б.\" is not heard, or far too quietly\n"
            "at 0:00:09.000 there is sound where nobody was to be heard\n");
  found_.substitutions = {{"b", "", "damaged", {1s, 9s}, "it is damaged"}};
  EXPECT_EQ(faults().find("not heard"), std::string::npos);
}

TEST_F(FilmCheck, AFilmOfAPartHasTimesOfItsOwn) {
  plan_ = meeting_.plan({.from = 3s, .to = 8s});
  found_.sound = SoundJudgement{{{SoundFault::Kind::lost, {5s, 7s}, "борис б."}}, {}};
  EXPECT_EQ(faults(),
            "from 0:00:02.000 to 0:00:04.000 \"борис б.\" is not heard, or far too quietly\n");
}

TEST(JudgeContent, BlackAndClippedAreWorthAWord) {
  FilmPictures pictures;
  pictures.black = {{1s, 3s}};
  pictures.still = {{{5s, 40s}, {}}, {{50s, 200s}, {}}};
  FilmSound sound;
  sound.clipping = {960, {{2s, 2100ms}}};
  const auto found = judge_content(&pictures, &sound, false);
  ASSERT_EQ(found.size(), 3u);
  for (const auto& f : found) EXPECT_EQ(f.weight, Weight::warning) << f.text;
  EXPECT_EQ(found[1].text, "from 0:00:50.000 to 0:03:20.000 nothing moves");
  EXPECT_EQ(found[2].text, "20 ms of the sound are at full scale, the first at 0:00:02.000");
  EXPECT_STREQ(verdict_of(found), "complete");
}

TEST(JudgeContent, ALoudnessFarOffIsWrong) {
  EXPECT_EQ(judge_loudness({-16.4, 5, -1}, -16).weight, Weight::right);
  EXPECT_EQ(judge_loudness({-18, 5, -1}, -16).weight, Weight::warning);
  EXPECT_EQ(judge_loudness({-26, 5, -1}, -16).weight, Weight::wrong);
}

TEST(FilmJson, SaysTheVerdictAndWhatWasCompared) {
  Comparison comparison;
  comparison.heard = {{{0}, {1s, 7s}, SoundLag{12ms, 0.95}}};
  FilmSound sound;
  sound.loudness.integrated = -16.04;
  const std::vector<Finding> findings{{false, "x", "black", Weight::wrong, Interval{1s, 2s}}};
  const auto json = nlohmann::json::parse(film_json({}, findings, {nullptr, &sound, &comparison}));
  EXPECT_EQ(json["verdict"], "failed");
  EXPECT_EQ(json["findings"][0]["check"], "black");
  EXPECT_EQ(json["findings"][0]["weight"], "wrong");
  EXPECT_EQ(json["findings"][0]["from"], 1);
  EXPECT_EQ(json["loudness"]["integrated"], -16.04);
  EXPECT_EQ(json["compared"]["sound-in-step"][0]["late"], 0.012);
}

TEST(FilmPage, EscapesAllThatIsTold) {
  EXPECT_EQ(html_text("<a href='x'>\"&\n"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp; ");
  test::Meeting meeting;
  meeting.manifest.people[0].name = "<script>";
  const auto plan = meeting.plan();
  Film film;
  film.duration = 10s;
  FilmSound sound;
  sound.power = WeightedPower(100, power_of_lufs(-20));
  const std::vector<Finding> findings{{false, "<b>", "black"}};
  const auto page = film_page({"<title>",
                               film,
                               findings,
                               &sound,
                               &plan,
                               {{"a", "", "damaged", {1s, 2s}, "<why>"}},
                               {{60, "data:image/png;base64,AA=="}}});
  for (const char* raw : {"<script>", "<title><", "<b>", "<why>"})
    EXPECT_EQ(page.find(raw), std::string::npos) << raw;
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.find("&lt;why&gt;"), std::string::npos);
  EXPECT_NE(page.find("failed"), std::string::npos);
  EXPECT_NE(page.find("<polyline"), std::string::npos);
}

}  // namespace
}  // namespace rostrum
