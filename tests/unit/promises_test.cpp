// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/promises.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

Clip clip(const char* asset, Nanoseconds start = 0ns) {
  Clip clip;
  clip.asset = asset;
  clip.start = start;
  clip.duration = 20s;
  return clip;
}

Track track(TrackKind kind, std::vector<Clip> clips) {
  Track track;
  track.id = "t";
  track.kind = kind;
  track.person = "anna";
  track.clips = std::move(clips);
  return track;
}

Manifest meeting(std::vector<Track> tracks) {
  Manifest job;
  job.people = {{"anna", "Anna", Role::participant, {}}};
  job.assets = {{"a", "a.mp4", {"https://x/a.mp4"}, {}, {}}, {"b", "b.mp4", {}, {}, {}}};
  job.tracks = std::move(tracks);
  return job_to_look_at(job, {{"a", "media/a.1.mp4"}});
}

MediaInfo medium(bool video, bool audio) {
  MediaInfo info;
  info.duration = 20s;
  if (video) info.video = VideoInfo{640, 360, {25, 1}};
  if (audio) info.audio = AudioInfo{48000, 1, true};
  return info;
}

std::string lack(const Manifest& job, const MediaInfo& info) {
  const auto broken = broken_promises(job, {{"a", info}});
  return broken.empty() ? "" : broken.at("a");
}

TEST(Promises, OnlyWhatIsLookedIntoIsLeftOfTheJob) {
  const auto job = meeting({track(TrackKind::camera, {clip("a"), clip("b", 30s)}),
                            track(TrackKind::camera, {clip("b")})});
  ASSERT_EQ(job.assets.size(), 1u);
  EXPECT_EQ(job.assets[0].uri, "media/a.1.mp4");
  EXPECT_TRUE(job.assets[0].alternatives.empty());
  ASSERT_EQ(job.tracks.size(), 1u);
  EXPECT_EQ(job.tracks[0].clips.size(), 1u);
  EXPECT_TRUE(parse_manifest(write_manifest(job)));
}

TEST(Promises, ACameraHasPictureAndSound) {
  const auto job = meeting({track(TrackKind::camera, {clip("a")})});
  EXPECT_EQ(lack(job, medium(true, true)), "");
  EXPECT_NE(lack(job, medium(false, true)).find("picture"), std::string::npos);
  EXPECT_NE(lack(job, medium(true, false)).find("sound"), std::string::npos);
  auto silent = medium(true, true);
  silent.silent = true;
  EXPECT_NE(lack(job, silent).find("silence"), std::string::npos);
  auto damaged = medium(true, true);
  damaged.problem = "it is empty";
  EXPECT_NE(lack(job, damaged).find("it is empty"), std::string::npos);
}

TEST(Promises, WhoIsMutedOrHiddenPromisesNothing) {
  auto off = clip("a");
  off.muted = {{0s, 20s}};
  off.hidden = {{0s, 20s}};
  const auto job = meeting({track(TrackKind::camera, {off})});
  auto silent = medium(false, true);
  silent.silent = true;
  EXPECT_EQ(lack(job, silent), "");
  off.muted = {{0s, 18s}};
  EXPECT_NE(lack(meeting({track(TrackKind::camera, {off})}), silent), "");
}

TEST(Promises, AScreenNeedNotSoundAndAMicrophoneShowsNothing) {
  EXPECT_EQ(lack(meeting({track(TrackKind::screen, {clip("a")})}), medium(true, false)), "");
  EXPECT_EQ(lack(meeting({track(TrackKind::microphone, {clip("a")})}), medium(false, true)), "");
}

}  // namespace
}  // namespace rostrum
