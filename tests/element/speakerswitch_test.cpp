// SPDX-License-Identifier: LGPL-2.1-or-later
// speakerswitch decides as core/speaker does.
#include "speaker_switch_run.h"

#include <thread>

using namespace rostrum;
using namespace rostrum::test;

namespace {

constexpr Latency kLive{true, 60'000'000};
constexpr auto kLength = 60s;

std::string video(std::size_t person) {
  return person == kNobody ? "" : "video_" + std::to_string(person);
}

// The messages are those switches.
void expect_said(SwitchRun& run, const std::vector<Switch>& switches) {
  const auto said = run.said();
  ASSERT_EQ(said.size(), switches.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    EXPECT_EQ(said[i].at, switches[i].from) << i;
    EXPECT_EQ(said[i].new_pad, video(switches[i].person)) << i;
    EXPECT_EQ(said[i].old_pad, i == 0 ? "" : video(switches[i - 1].person)) << i;
  }
}

// Every frame from 0 to the end, each of the speaker at its time.
void expect_frames(SwitchRun& run, const std::vector<Switch>& switches, Nanoseconds end) {
  const auto frames = run.shown("video");
  ASSERT_EQ(static_cast<Nanoseconds::rep>(frames.size()), end / kFrame);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto start = static_cast<std::int64_t>(i) * kFrame;
    const auto speaker = speaker_at(switches, start);
    ASSERT_EQ(frames[i].start, start);
    ASSERT_EQ(frames[i].mark, speaker) << "at " << start.count();
    const bool change = i == 0 || frames[i - 1].mark != speaker;
    ASSERT_EQ(frames[i].discont, change) << "at " << start.count();
  }
}

// Sound without an overlap, and without a hole longer than a buffer.
void expect_sound(SwitchRun& run, Nanoseconds end) {
  Nanoseconds at{0};
  for (const auto& sound : run.shown("audio")) {
    ASSERT_GE(sound.start, at);
    ASSERT_LE(sound.start - at, 50ms);
    at = sound.start + sound.length;
  }
  EXPECT_GE(at, end - 50ms);
}

SpeakerOptions with_hold(Nanoseconds hold) {
  SpeakerOptions options;
  options.hold = hold;
  return options;
}

class EveryScript : public testing::TestWithParam<unsigned> {};

TEST_P(EveryScript, LiveItDecidesAsTheCausalFormDoes) {
  const auto script = make_script(4, kLength, GetParam());
  const auto switches = decide(script, with_hold(1s));
  ASSERT_GE(switches.size(), 5U) << "a script in which nothing happens shows nothing";
  Meeting meeting{4, kLive, "hold-time=1000000000"};
  meeting.begin();
  meeting.push_all(script, {0s, kLength});
  expect_said(meeting.run, switches);
  expect_frames(meeting.run, switches, kLength);
  expect_sound(meeting.run, kLength);
  EXPECT_EQ(meeting.run.active(), video(switches.back().person));
}

TEST_P(EveryScript, NotLiveTheSpeedOfThePadsDoesNotMatter) {
  const auto script = make_script(3, kLength, GetParam());
  const auto switches = decide(script, with_hold(2s));
  Meeting meeting{3, {}, "hold-time=2000000000"};
  meeting.begin();
  std::vector<std::thread> threads;
  for (std::size_t p = 0; p < 3; ++p) {
    threads.emplace_back([&, p] {
      meeting.push_camera(p, {0s, kLength});
      meeting.cameras[p]->eos();
    });
    threads.emplace_back([&, p] {
      meeting.push_microphone(p, script, {0s, kLength});
      meeting.microphones[p]->eos();
    });
  }
  for (auto& thread : threads) thread.join();
  expect_said(meeting.run, switches);
  expect_frames(meeting.run, switches, kLength);
  expect_sound(meeting.run, kLength);
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_EOS), 1);
  EXPECT_EQ(meeting.run.count("audio", GST_EVENT_EOS), 1);
}

INSTANTIATE_TEST_SUITE_P(SpeakerSwitch, EveryScript, testing::Range(1U, 9U));

TEST(SpeakerSwitch, SaysTheLevelsOfTheLastWindow) {
  Script script;
  script.levels = {std::vector<float>(100, -60), std::vector<float>(100, -60)};
  for (std::size_t w = 20; w < 100; ++w) script.levels[1][w] = w % 10 < 8 ? -20 : -60;
  Meeting meeting{2, kLive};
  meeting.begin();
  meeting.push_all(script, {0s, 8s});
  const auto said = meeting.run.said();
  ASSERT_EQ(said.size(), 2U);
  ASSERT_EQ(said[1].levels.size(), 2U);
  const auto window = static_cast<std::size_t>(said[1].at / kLevelWindow) - 1;
  EXPECT_EQ(said[1].levels[0].first, "audio_0");
  EXPECT_NEAR(said[1].levels[0].second, -60, 0.01);
  EXPECT_EQ(said[1].levels[1].first, "audio_1");
  EXPECT_NEAR(said[1].levels[1].second, script.levels[1][window], 0.01);
}

// Everything of person 1 stops for a time; the others go on, in their time.
TEST(SpeakerSwitch, LiveAStalledPadCountsAsSilentAndKeepsNobodyBack) {
  auto script = make_script(3, 40s, 5);
  Meeting meeting{3, kLive, "hold-time=1000000000"};
  meeting.begin();
  meeting.push_all(script, {0s, 10s});
  std::atomic<int> busy{4};
  std::vector<std::thread> threads;
  const Interval stall{10s, 25s};
  for (const std::size_t p : {0U, 2U}) {
    threads.emplace_back([&, p] { meeting.push_camera(p, stall), --busy; });
    threads.emplace_back([&, p] { meeting.push_microphone(p, script, stall), --busy; });
  }
  meeting.run.drive(busy, true);
  for (auto& thread : threads) thread.join();
  for (std::size_t w = 100; w < 250; ++w) script.levels[1][w] = kSilence;
  const auto switches = decide(script, with_hold(1s));
  const auto frames = meeting.run.shown("video");
  Nanoseconds last = -1ns;
  for (const auto& frame : frames) {
    ASSERT_GT(frame.start, last);
    last = frame.start;
    if (frame.start < stall.from) continue;
    ASSERT_LE(frame.clock, frame.start + 60ms) << "later than the sources' latency allows";
    ASSERT_EQ(frame.mark, speaker_at(switches, frame.start)) << frame.start.count();
  }
  EXPECT_GE(last, 24s);
}

TEST(SpeakerSwitch, AddsNoLatencyOfItsOwn) {
  SwitchRun run;
  Talker camera{run.element(), "video_0", {true, 30'000'000, 500'000'000}};
  Talker microphone{run.element(), "audio_0", {true, 80'000'000, 200'000'000}};
  Talker file{run.element(), "video_1", {}};
  const auto pad = adopt(gst_element_get_static_pad(run.element(), "video"));
  const auto query = adopt(gst_query_new_latency());
  ASSERT_TRUE(gst_pad_query(pad.get(), query.get()));
  gboolean live = FALSE;
  GstClockTime min = 0;
  GstClockTime max = 0;
  gst_query_parse_latency(query.get(), &live, &min, &max);
  EXPECT_TRUE(live);
  EXPECT_EQ(min, 80'000'000U);
  EXPECT_EQ(max, 200'000'000U);
}

TEST(SpeakerSwitch, IsNotLiveWithoutALiveSource) {
  SwitchRun run;
  Talker camera{run.element(), "video_0", {}};
  const auto pad = adopt(gst_element_get_static_pad(run.element(), "video"));
  const auto query = adopt(gst_query_new_latency());
  ASSERT_TRUE(gst_pad_query(pad.get(), query.get()));
  gboolean live = TRUE;
  gst_query_parse_latency(query.get(), &live, nullptr, nullptr);
  EXPECT_FALSE(live);
}

}  // namespace
