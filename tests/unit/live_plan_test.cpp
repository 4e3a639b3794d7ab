// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live_plan.h"

#include "core/live_rules.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

LivePlan plan_of(const std::string& rest) {
  const auto manifest = parse_manifest(
      R"({"rostrum":1,"layout":{"policy":"speaker","speaker":{"default":"boris"}},)" + rest + "}");
  EXPECT_TRUE(manifest) << (manifest ? "" : manifest.error().front().message);
  if (!manifest) return {};
  EXPECT_TRUE(is_live(*manifest));
  return plan_live(*manifest);
}

TEST(LivePlan, APersonsCameraAndMicrophoneHaveOneNumber) {
  const auto plan = plan_of(R"(
    "people": [{"id": "anna", "name": "Anna", "role": "presenter"}, {"id": "boris"}],
    "tracks": [{"id": "hall", "kind": "camera", "uri": "test:"},
               {"id": "a", "kind": "camera", "person": "anna", "uri": "test:"},
               {"id": "s", "kind": "screen", "person": "anna", "uri": "test:"},
               {"id": "b-mic", "kind": "microphone", "person": "boris", "uri": "test:"},
               {"id": "b", "kind": "camera", "person": "boris", "uri": "test:"},
               {"id": "b2", "kind": "camera", "person": "boris", "uri": "test:"}])");
  ASSERT_EQ(plan.tracks.size(), 6u);
  std::vector<unsigned> numbers;
  std::vector<bool> measured;
  for (const auto& track : plan.tracks) {
    numbers.push_back(track.number);
    measured.push_back(track.measured);
  }
  EXPECT_EQ(numbers, (std::vector<unsigned>{0, 1, 2, 3, 3, 4}));
  // A microphone goes before its person's camera; a second camera follows nobody's voice.
  EXPECT_EQ(measured, (std::vector<bool>{true, true, false, true, false, false}));
  EXPECT_EQ(plan.default_pad, "video_3");
  EXPECT_EQ(plan.tracks[1].name, "Anna");
  EXPECT_TRUE(plan.tracks[1].presenter);
  EXPECT_EQ(plan.tracks[0].name, "hall");
}

TEST(LivePlan, TakesTheSoundOfTheJob) {
  const auto plan = plan_of(R"(
    "people": [{"id": "boris"}], "duration": 5, "on-damage": "fail",
    "audio": {"channels": 1, "true-peak": -3, "codec": "aac", "bitrate": 64},
    "tracks": [{"id": "b", "kind": "microphone", "person": "boris", "gain": -20, "uri": "test:"}])");
  EXPECT_EQ(plan.format.channels, 1);
  EXPECT_EQ(plan.format.bitrate, 64);
  EXPECT_EQ(plan.ceiling, -3 - codec_peaks(AudioCodec::aac));
  EXPECT_NEAR(plan.tracks[0].volume, 0.1, 1e-9);
  EXPECT_EQ(plan.default_pad, "audio_0");
  EXPECT_EQ(plan.duration, 5s);
  EXPECT_TRUE(plan.ends_on_loss);
}

TEST(LivePlan, WhatIsWrittenIsReadBack) {
  const auto manifest = parse_manifest(
      R"({"rostrum":1,"layout":{"policy":"single"},)"
      R"("tracks":[{"id":"a","kind":"camera","uri":"rtsp://user:secret@camera/1"}]})");
  ASSERT_TRUE(manifest);
  const auto again = parse_manifest(write_manifest(*manifest));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->tracks[0].uri, "rtsp://user:secret@camera/1");
}

}  // namespace
}  // namespace rostrum
