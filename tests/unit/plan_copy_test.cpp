// SPDX-License-Identifier: LGPL-2.1-or-later
// When the packets of a medium's sound are taken as they are.
#include "core/plan_copy.h"

#include "core/clip_schedule.h"
#include "core/plan_sound.h"

#include <gtest/gtest.h>

#include <functional>

namespace rostrum {
namespace {

struct Talk {
  Manifest manifest;
  MediaMap media;
  PlanOptions options;

  Talk() {
    manifest.assets = {{"a", "a.mp4", {}, {}}, {"b", "b.m4a", {}, {}}};
    Clip clip;
    clip.asset = "a";
    manifest.tracks = {{"cam", TrackKind::camera, "", {clip}}};
    for (const char* id : {"a", "b"}) {
      MediaInfo info;
      info.path = id;
      info.video = VideoInfo{640, 360, {25, 1}};
      info.audio = AudioInfo{48000, 2, true};
      info.duration = 10s;
      media[id] = info;
    }
  }

  Clip& clip() { return manifest.tracks[0].clips[0]; }
  std::string why() const {
    const auto plan = make_plan(manifest, media, options);
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
    return plan ? plan->encoded_because : "no plan";
  }
};

TEST(PlanCopy, OneWholeClipOfAacIsCopied) {
  EXPECT_EQ(Talk{}.why(), "");
  Talk part;
  part.options.from = 2s;
  part.options.to = 7s;
  EXPECT_EQ(part.why(), "");
  Talk mono;
  mono.manifest.audio.channels = mono.media["a"].audio->channels = 1;
  EXPECT_EQ(mono.why(), "");
  Talk later;  // another sound, but not in this part
  Clip clip;
  clip.asset = "b";
  clip.start = 8s;
  later.manifest.tracks.push_back({"mic", TrackKind::microphone, "", {clip}});
  later.options.to = 8s;
  EXPECT_EQ(later.why(), "");
  Talk short_of_a_packet;
  short_of_a_packet.manifest.duration = 10s;
  short_of_a_packet.media["a"].duration = 9985ms;
  EXPECT_EQ(short_of_a_packet.why(), "");
}

TEST(PlanCopy, AFilmHasOneChannelWhereThatIsCopied) {
  const auto channels = [](const Talk& talk) {
    return make_plan(talk.manifest, talk.media, talk.options)->sound.channels;
  };
  Talk mono;
  mono.media["a"].audio->channels = 1;
  EXPECT_EQ(mono.why(), "");
  EXPECT_EQ(channels(mono), 1);
  mono.options.copy = false;
  EXPECT_EQ(channels(mono), 2);
  mono.options.copy = true;
  mono.clip().sound.gain = -1;
  EXPECT_EQ(mono.why(), "it has a gain or a pan");
  EXPECT_EQ(channels(mono), 2) << "it is encoded anyway";
}

TEST(PlanCopy, SoundThatBeginsLaterThanItsClipIsEncoded) {
  const std::string late = "its medium's sound begins later than its clip";
  Talk talk;
  talk.media["a"].sound = {80ms, 10s};
  EXPECT_EQ(talk.why(), late);
  talk.clip().in = 80ms;
  talk.media["a"].duration = 10080ms;
  EXPECT_EQ(talk.why(), "");
  talk.media["a"].sound.from += sample_time_up(1);
  EXPECT_EQ(talk.why(), late) << "by one sample";
  talk.options.from = 1s;
  EXPECT_EQ(talk.why(), "") << "not in this part";
}

TEST(PlanCopy, WhateverChangesTheSoundIsEncoded) {
  const std::pair<const char*, std::function<void(Talk&)>> cases[] = {
      {"copying is off", [](Talk& t) { t.options.copy = false; }},
      {"the film's is not AAC", [](Talk& t) { t.manifest.audio.codec = AudioCodec::opus; }},
      {"it is held under a true peak", [](Talk& t) { t.manifest.audio.true_peak = -1; }},
      {"people are brought up to each other", [](Talk& t) { t.manifest.audio.level = true; }},
      {"a bitrate is asked for",
       [](Talk& t) {
         t.manifest.audio.codec = AudioCodec::aac;
         t.manifest.audio.bitrate = 128;
       }},
      {"it has a gain or a pan", [](Talk& t) { t.clip().sound.gain = -1; }},
      {"it has a gain or a pan", [](Talk& t) { t.manifest.tracks[0].sound.pan = 0.1; }},
      {"it is muted, faded or ducked",
       [](Talk& t) {
         t.clip().muted = {{1s, 2s}};
       }},
      {"it is muted, faded or ducked", [](Talk& t) { t.clip().sound.fade_in = 1s; }},
      {"it is muted, faded or ducked", [](Talk& t) { t.manifest.tracks[0].sound.fade_out = 1s; }},
      {"its clip does not last the whole film", [](Talk& t) { t.clip().start = 1s; }},
      {"its clip does not last the whole film", [](Talk& t) { t.manifest.duration = 11s; }},
      {"its medium is not in AAC-LC, or has several sounds",
       [](Talk& t) { t.media["a"].audio->aac_lc = false; }},
      {"its medium is not at 48 kHz", [](Talk& t) { t.media["a"].audio->rate = 44100; }},
      {"its medium has 1 channel, the film 2",
       [](Talk& t) {
         t.media["a"].audio->channels = 1;
         t.manifest.audio.channels = 2;
       }},
      {"its medium has 6 channels, the film 2", [](Talk& t) { t.media["a"].audio->channels = 6; }},
      {"there is none", [](Talk& t) { t.media["a"].audio.reset(); }},
      {"several clips are heard",
       [](Talk& t) {
         auto track = t.manifest.tracks[0];
         track.id = "mic";
         t.manifest.tracks.push_back(track);
       }},
  };
  for (const auto& [why, change] : cases) {
    Talk talk;
    change(talk);
    EXPECT_EQ(talk.why(), why);
  }
}

}  // namespace
}  // namespace rostrum
