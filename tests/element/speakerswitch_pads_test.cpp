// SPDX-License-Identifier: LGPL-2.1-or-later
// The pads and properties of speakerswitch: who comes, goes, flushes, and who is chosen by hand.
#include "speaker_switch_run.h"

#include <atomic>
#include <future>
#include <thread>

using namespace rostrum;
using namespace rostrum::test;

namespace {

constexpr Latency kLive{true, 60'000'000};

// Person 0 talks to 5 s, then person 1; in pauses nobody.
Script two_turns() {
  Script script;
  script.levels = {std::vector<float>(120, -65), std::vector<float>(120, -65)};
  for (std::size_t w = 0; w < 120; ++w)
    if (w % 10 < 8) script.levels[w < 50 ? 0 : 1][w] = -22;
  return script;
}

Script silence(std::size_t people, std::size_t windows) {
  Script script;
  script.levels.assign(people, std::vector<float>(windows, -70));
  return script;
}

std::vector<std::string> names(SwitchRun& run) {
  std::vector<std::string> all;
  for (const auto& said : run.said()) all.push_back(said.new_pad);
  return all;
}

using Names = std::vector<std::string>;

void expect_growing(const std::vector<Shown>& shown) {
  for (std::size_t i = 1; i < shown.size(); ++i) ASSERT_GT(shown[i].start, shown[i - 1].start);
}

TEST(SpeakerSwitchPads, CapsFollowTheSpeaker) {
  Meeting meeting{2, kLive};
  meeting.begin();
  meeting.cameras[1]->begin("video/x-raw,format=GRAY8,width=32,height=8,framerate=25/1");
  meeting.push_all(two_turns(), {0s, 10s});
  const auto frames = meeting.run.shown("video");
  ASSERT_EQ(frames.size(), 250U);
  for (const auto& frame : frames)
    ASSERT_NE(frame.caps.find(frame.mark == 0 ? "width=(int)16" : "width=(int)32"),
              std::string::npos)
        << frame.caps;
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_CAPS), 2);
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_STREAM_START), 1);
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_SEGMENT), 1);
  EXPECT_EQ(meeting.run.count("audio", GST_EVENT_CAPS), 2);
}

TEST(SpeakerSwitchPads, WithoutAutoTheApplicationChooses) {
  Meeting meeting{2, kLive, "auto=false active-pad=video_1"};
  meeting.begin();
  for (Nanoseconds t{0}; t < 2s; t += kFrame) {
    if (t == 1s) g_object_set(meeting.run.element(), "active-pad", "video_0", nullptr);
    meeting.run.set_clock(t + kFrame + 60ms);
    for (const auto& camera : meeting.cameras) camera->frame(t, kFrame);
  }
  EXPECT_EQ(meeting.run.active(), "video_0");
  const auto frames = meeting.run.shown("video");
  ASSERT_EQ(frames.size(), 50U);
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(frames[i].mark, i < 25 ? 1 : 0) << i;
  EXPECT_EQ(names(meeting.run), (Names{"video_1", "video_0"}));
}

TEST(SpeakerSwitchPads, WhoIsMutedNeverWins) {
  Meeting meeting{2, kLive};
  g_object_set(meeting.microphones[1]->sink(), "muted", TRUE, nullptr);
  meeting.begin();
  meeting.push_all(two_turns(), {0s, 12s});
  EXPECT_EQ(names(meeting.run), Names{"video_0"});
}

TEST(SpeakerSwitchPads, ThePersonOfTheHighestPriorityIsTheDefault) {
  Meeting meeting{3, kLive};
  g_object_set(meeting.cameras[1]->sink(), "priority", 2U, nullptr);
  g_object_set(meeting.microphones[2]->sink(), "priority", 3U, nullptr);
  meeting.begin();
  meeting.push_all(silence(3, 20), {0s, 2s});
  EXPECT_EQ(names(meeting.run), Names{"video_2"});
}

TEST(SpeakerSwitchPads, TheDefaultPadGoesBeforePriorities) {
  Meeting meeting{3, kLive, "default-pad=audio_1"};
  g_object_set(meeting.microphones[2]->sink(), "priority", 3U, nullptr);
  meeting.begin();
  meeting.push_all(silence(3, 20), {0s, 2s});
  EXPECT_EQ(names(meeting.run), Names{"video_1"});
}

TEST(SpeakerSwitchPads, WhoHasNoPictureIsHeardAndNotShown) {
  SwitchRun run;
  Talker camera{run.element(), "video_0", kLive};
  Talker microphone{run.element(), "audio_0", kLive};
  Talker telephone{run.element(), "audio_1", kLive};
  run.play();
  for (auto* talker : {&camera, &microphone, &telephone}) talker->begin();
  const auto script = two_turns();
  for (Nanoseconds t{0}; t < 12s; t += 20ms) {
    run.set_clock(t + 20ms);
    microphone.sound(t, 20ms, script.at(0, t));
    telephone.sound(t, 20ms, script.at(1, t));
    if (t % kFrame == 0ns) camera.frame(t, kFrame);
  }
  EXPECT_EQ(names(run), Names{"video_0"});
  EXPECT_EQ(run.shown("video").size(), 300U);
}

TEST(SpeakerSwitchPads, PeopleWithoutAnyPictureAreSwitchedBySound) {
  SwitchRun run;
  Talker first{run.element(), "audio_0", kLive};
  Talker second{run.element(), "audio_1", kLive};
  run.play();
  for (auto* talker : {&first, &second}) talker->begin();
  const auto script = two_turns();
  for (Nanoseconds t{0}; t < 12s; t += 20ms) {
    run.set_clock(t + 20ms);
    first.sound(t, 20ms, script.at(0, t));
    second.sound(t, 20ms, script.at(1, t));
  }
  EXPECT_EQ(names(run), (Names{"audio_0", "audio_1"}));
  EXPECT_EQ(run.shown("audio").size(), 600U);
}

TEST(SpeakerSwitchPads, WithMixTheSoundGoesRoundIt) {
  Meeting meeting{2, kLive, "mix=true"};
  EXPECT_EQ(adopt(gst_element_get_static_pad(meeting.run.element(), "audio")), nullptr);
  meeting.begin();
  meeting.push_all(two_turns(), {0s, 10s});
  EXPECT_EQ(names(meeting.run), (Names{"video_0", "video_1"}));
  EXPECT_EQ(meeting.run.shown("video").size(), 250U);
}

TEST(SpeakerSwitchPads, MixIsSetInNullOnly) {
  SwitchRun run;
  run.play();
  g_object_set(run.element(), "mix", TRUE, nullptr);
  gboolean mix = TRUE;
  g_object_get(run.element(), "mix", &mix, nullptr);
  EXPECT_FALSE(mix);
}

TEST(SpeakerSwitchPads, TheEndOfOneIsNotTheEnd) {
  Meeting meeting{2, kLive};
  meeting.begin();
  meeting.push_all(two_turns(), {0s, 3s});
  meeting.cameras[0]->eos();
  meeting.microphones[0]->eos();
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_EOS), 0);
  for (Nanoseconds t{3s}; t < 5s; t += kFrame) {
    meeting.run.set_clock(t + kFrame);
    meeting.microphones[1]->sound(t, kFrame, -70);
    meeting.cameras[1]->frame(t, kFrame);
  }
  const auto frames = meeting.run.shown("video");
  expect_growing(frames);
  EXPECT_EQ(frames.back().mark, 1);
  EXPECT_EQ(frames.back().start, 4960ms);
  meeting.cameras[1]->eos();
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_EOS), 1);
  EXPECT_EQ(meeting.run.count("audio", GST_EVENT_EOS), 0);
  meeting.microphones[1]->eos();
  EXPECT_EQ(meeting.run.count("audio", GST_EVENT_EOS), 1);
}

TEST(SpeakerSwitchPads, TheReleaseOfTheLastThatHasNotEndedIsTheEnd) {
  Meeting meeting{2, {}};
  meeting.begin();
  meeting.cameras[0]->eos();
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_EOS), 0);
  meeting.cameras[1]->unlink();
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_EOS), 1);
}

// Not live, nobody goes on while a pad brings nothing.
class Blocked : public testing::Test {
 protected:
  void SetUp() override {
    meeting.begin();
    const auto arrived = [](GstPad*, GstPadProbeInfo*, gpointer promise) {
      static_cast<std::promise<void>*>(promise)->set_value();
      return GST_PAD_PROBE_REMOVE;
    };
    std::promise<void> in_time;
    gst_pad_add_probe(meeting.cameras[0]->sink(), GST_PAD_PROBE_TYPE_BUFFER, arrived, &in_time,
                      nullptr);
    pusher = std::thread{[this] { flow = meeting.cameras[0]->frame(1s, kFrame); }};
    in_time.get_future().wait();
  }
  void TearDown() override {
    if (pusher.joinable()) pusher.join();
  }

  Meeting meeting{2, {}};
  std::thread pusher;
  std::atomic<GstFlowReturn> flow{GST_FLOW_CUSTOM_SUCCESS};
};

TEST_F(Blocked, AFlushFreesIt) {
  meeting.cameras[0]->event(gst_event_new_flush_start());
  pusher.join();
  EXPECT_EQ(flow, GST_FLOW_FLUSHING);
  EXPECT_EQ(meeting.run.count("video", GST_EVENT_FLUSH_START), 0) << "it is one pad's own";
  meeting.cameras[0]->event(gst_event_new_flush_stop(TRUE));
}

TEST_F(Blocked, ItsReleaseFreesIt) {
  meeting.cameras[0]->unlink();
  pusher.join();
  EXPECT_TRUE(flow == GST_FLOW_FLUSHING || flow == GST_FLOW_NOT_LINKED) << flow;
}

TEST_F(Blocked, StoppingFreesIt) {
  gst_element_set_state(meeting.run.pipeline(), GST_STATE_READY);
  pusher.join();
  EXPECT_EQ(flow, GST_FLOW_FLUSHING);
}

TEST_F(Blocked, WhatTheOthersBringFreesIt) {
  for (const auto& microphone : meeting.microphones) microphone->eos();
  pusher.join();
  EXPECT_EQ(flow, GST_FLOW_OK);
  EXPECT_EQ(meeting.run.shown("video").size(), 1U);
}

TEST_F(Blocked, TheReleaseOfTheOthersFreesIt) {
  for (const auto& microphone : meeting.microphones) microphone->unlink();
  pusher.join();
  EXPECT_EQ(flow, GST_FLOW_OK);
}

TEST_F(Blocked, ASeekFromDownstreamFlushesOnceAndBeginsAnew) {
  auto* seek = gst_event_new_seek(1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0,
                                  GST_SEEK_TYPE_NONE, 0);
  EXPECT_TRUE(gst_element_send_event(meeting.run.pipeline(), seek));
  pusher.join();
  EXPECT_EQ(flow, GST_FLOW_FLUSHING);
  for (const char* pad : {"video", "audio"}) {
    EXPECT_EQ(meeting.run.count(pad, GST_EVENT_FLUSH_START), 1) << pad;
    EXPECT_EQ(meeting.run.count(pad, GST_EVENT_FLUSH_STOP), 1) << pad;
  }
  for (std::size_t p = 0; p < 2; ++p) {
    EXPECT_EQ(meeting.cameras[p]->state().seeks, 1);
    EXPECT_EQ(meeting.microphones[p]->state().seeks, 1);
    meeting.cameras[p]->begin();
    meeting.microphones[p]->begin();
  }
  meeting.run.said();
  meeting.push_all(two_turns(), {0s, 10s});
  EXPECT_EQ(names(meeting.run), (Names{"video_0", "video_1"}));
  expect_growing(meeting.run.shown("video"));
  EXPECT_EQ(meeting.run.shown("video").size(), 250U);
}

TEST(SpeakerSwitchPads, WhoComesWhileOthersTalkIsShownWhenTheyTalk) {
  Meeting meeting{2, kLive};
  meeting.begin();
  auto script = two_turns();
  script.levels.push_back(script.levels[1]);
  script.levels[1].assign(120, -65);
  meeting.push_all(script, {0s, 4s});
  meeting.cameras.push_back(std::make_unique<Talker>(meeting.run.element(), "video_7", kLive));
  meeting.microphones.push_back(
      std::make_unique<Talker>(meeting.run.element(), "audio_7", kLive, 8000));
  meeting.cameras[2]->begin();
  meeting.microphones[2]->begin();
  meeting.push_all(script, {4s, 12s});
  EXPECT_EQ(names(meeting.run), (Names{"video_0", "video_7"}));
  EXPECT_EQ(meeting.run.shown("video").size(), 300U);
}

TEST(SpeakerSwitchPads, WhenTheSpeakerLeavesAnotherIsShown) {
  Meeting meeting{2, kLive};
  meeting.begin();
  const auto script = two_turns();
  meeting.push_all(script, {0s, 4s});
  meeting.cameras[0]->unlink();
  meeting.microphones[0]->unlink();
  meeting.cameras.erase(meeting.cameras.begin());
  meeting.microphones.erase(meeting.microphones.begin());
  Script rest;
  rest.levels = {script.levels[1]};
  meeting.push_all(rest, {4s, 8s});
  const auto frames = meeting.run.shown("video");
  expect_growing(frames);
  EXPECT_EQ(frames.back().mark, 1);
  EXPECT_GE(frames.size(), 195U) << "the picture stood still";
}

// A camera far ahead of the sound says nothing about the sound between.
TEST(SpeakerSwitchPads, ACameraFarAheadDoesNotHideTheSound) {
  Meeting meeting{2, {}};
  meeting.begin();
  const auto script = two_turns();
  std::vector<std::thread> threads;
  for (std::size_t p = 0; p < 2; ++p) {
    threads.emplace_back([&, p] { meeting.cameras[p]->frame(2h, kFrame); });
    threads.emplace_back([&, p] {
      meeting.push_microphone(p, script, {0s, 12s});
      meeting.microphones[p]->eos();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(names(meeting.run), (Names{"video_0", "video_1"}));
  ASSERT_EQ(meeting.run.shown("video").size(), 1U);
  EXPECT_EQ(meeting.run.shown("video")[0].mark, 1);
}

TEST(SpeakerSwitchPads, AGapOfTheSpeakerGoesOn) {
  Meeting meeting{2, kLive};
  meeting.begin();
  meeting.push_all(silence(2, 10), {0s, 1s});
  meeting.run.set_clock(1500ms);
  for (const auto& microphone : meeting.microphones)
    microphone->event(gst_event_new_gap(GST_SECOND, GST_SECOND / 2));
  EXPECT_EQ(meeting.run.count("audio", GST_EVENT_GAP), 1);
}

TEST(SpeakerSwitchPads, NamesThatAreTakenOrNoneAreRefused) {
  SwitchRun run;
  Talker camera{run.element(), "video_3", {}};
  const auto next = adopt(gst_element_request_pad_simple(run.element(), "video_%u"));
  ASSERT_TRUE(next);
  EXPECT_STREQ(GST_PAD_NAME(next.get()), "video_4");
  gst_element_release_request_pad(run.element(), next.get());
}

TEST(SpeakerSwitchPads, ItRunsAgainAfterAStop) {
  Meeting meeting{2, kLive};
  for (int round = 0; round < 2; ++round) {
    meeting.begin();
    const auto script = two_turns();
    for (Nanoseconds t{0}; t < 10s; t += 10ms)
      for (std::size_t p = 0; p < 2; ++p) {
        if (t % kFrame == 0ns) meeting.cameras[p]->frame(t, kFrame);
        meeting.microphones[p]->sound(t, 10ms, script.at(p, t));
      }
    EXPECT_EQ(names(meeting.run), (Names{"video_0", "video_1"})) << round;
    gst_element_set_state(meeting.run.pipeline(), GST_STATE_READY);
  }
  EXPECT_EQ(meeting.run.shown("video").size(), 500U);
}

}  // namespace
