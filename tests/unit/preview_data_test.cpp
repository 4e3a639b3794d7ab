// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/preview_data.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using namespace rostrum;
using Json = nlohmann::ordered_json;

namespace {

PlannedTrack track(std::string id, TrackKind kind, std::string person, Nanoseconds start,
                   Nanoseconds duration) {
  PlannedTrack track;
  track.id = std::move(id);
  track.kind = kind;
  track.person = std::move(person);
  PlannedClip clip;
  clip.asset = track.id;
  clip.start = start;
  clip.duration = clip.playable = duration;
  clip.has_audio = kind != TrackKind::slides;
  track.clips.push_back(clip);
  return track;
}

// Anna with camera and microphone, Boris, who only speaks, and two slides; 10 s.
Plan example() {
  Plan plan;
  plan.title = "A \"title\"";
  plan.canvas = {640, 360};
  plan.frames = {0, 250};
  plan.people = {{"anna", "Anna", Role::presenter, {}}, {"boris", "", Role::participant, {}}};
  plan.tracks = {track("camera", TrackKind::camera, "anna", 1s, 4s),
                 track("mic", TrackKind::microphone, "anna", 4s, 4s),
                 track("phone", TrackKind::microphone, "boris", 0s, 20s),
                 track("deck", TrackKind::slides, "", 0s, 10s)};
  plan.tracks[1].clips[0].muted = {{5s, 6s}};
  auto second = plan.tracks[3].clips[0];
  second.page = 2;
  plan.tracks[3].clips.push_back(second);
  const SceneTile anna{.track = 0, .clip = 0};
  const SceneTile first{.track = 3, .clip = 0};
  const SceneTile next{.track = 3, .clip = 1};
  plan.scenes = {{{0, 25}, {first}, {}}, {{25, 100}, {first, anna}, {}}, {{100, 250}, {next}, {}}};
  plan.speakers = {{2s, "anna", ""}, {7s, "boris", ""}};
  plan.substitutions = {{"camera", "/tracks/0/clips/0", "damaged", {2s, 3s}, "no picture"}};
  plan.chapters = {{0s, "Begin"}};
  plan.warnings = {"/layout: narrow"};
  plan.pictures.composed = {{{0, 250}, "several pictures are shown"}};
  return plan;
}

Json row(const Json& data, const std::string& name) {
  for (const auto& row : data["rows"])
    if (row["name"] == name) return row;
  return {};
}

}  // namespace

TEST(PreviewData, EachPersonHasOneRow) {
  const auto data = Json::parse(preview_data(example(), {}));
  ASSERT_EQ(data["rows"].size(), 3u);
  const auto anna = row(data, "Anna");
  EXPECT_EQ(anna["kind"], "person");
  EXPECT_EQ(anna["there"], Json::parse("[[1.0, 8.0]]"));
  EXPECT_EQ(anna["seen"], Json::parse("[[1.0, 4.0]]"));
  EXPECT_EQ(anna["heard"], Json::parse("[[1.0, 5.0], [6.0, 8.0]]"));
  EXPECT_EQ(anna["speaking"], Json::parse("[[2.0, 7.0]]"));
  const auto boris = row(data, "boris");
  EXPECT_EQ(boris["there"], Json::parse("[[0.0, 10.0]]"));  // of the film
  EXPECT_EQ(boris["speaking"], Json::parse("[[7.0, 10.0]]"));
  EXPECT_EQ(row(data, "deck")["kind"], "slides");
}

TEST(PreviewData, TheLogTellsBetterWhoSpeaks) {
  Manifest manifest;
  manifest.people = {{"anna", "Anna", Role::presenter, {{3s, 4s}}}};
  const auto data = Json::parse(preview_data(example(), manifest));
  EXPECT_EQ(row(data, "Anna")["speaking"], Json::parse("[[3.0, 4.0]]"));
  EXPECT_EQ(row(data, "boris")["speaking"], Json::parse("[[7.0, 10.0]]"));
}

TEST(PreviewData, HasWhatElseThePageShows) {
  const auto data = Json::parse(preview_data(example(), {}));
  EXPECT_EQ(data["title"], "A \"title\"");
  EXPECT_EQ(data["rate"], 25.0);
  EXPECT_EQ(data["to"], 10.0);
  ASSERT_EQ(data["slides"].size(), 2u);
  EXPECT_EQ(data["slides"][0]["to"], 4.0);
  EXPECT_EQ(data["slides"][1]["from"], 4.0);
  EXPECT_EQ(data["slides"][1]["to"], 10.0);
  EXPECT_EQ(data["scenes"].size(), 3u);
  EXPECT_EQ(data["scenes"][1]["seen"], "slide · Anna");
  EXPECT_EQ(data["chapters"][0]["title"], "Begin");
  EXPECT_EQ(data["substitutions"][0]["text"], "camera: damaged, no picture");
  EXPECT_EQ(data["chunks"][0]["how"], "composed");
  EXPECT_EQ(data["chunks"][0]["why"], "several pictures are shown");
  EXPECT_EQ(data["warnings"][0], "/layout: narrow");
}
