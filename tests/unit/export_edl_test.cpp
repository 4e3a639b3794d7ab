// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/export/edl.h"

#include "core/export/shots.h"
#include "small_meeting.h"

#include <sstream>

namespace rostrum::test {
namespace {

// A screen from 1 s to 5 s and one from 5 s to 8 s, alone; ten seconds.
struct TwoScreens {
  Manifest manifest;
  MediaMap media{{"first one", medium(60s, true, true)}, {"second", medium(60s, true, false)}};
  AssetPlaces places{{"first one", {"file:///media/first%20one.mp4"}},
                     {"second", {"https://media.example.org/second.mp4?x=1"}}};

  TwoScreens() {
    manifest.title = "Two\nscreens";
    manifest.duration = 10s;
    manifest.assets = {{"first one", "first one.mp4", {}, {}}, {"second", "s.mp4", {}, {}}};
    manifest.layout.policy = Policy::single;
    Clip first;
    first.asset = "first one";
    first.start = 1s;
    first.in = 20s;
    first.duration = 4s;
    auto second = first;
    second.asset = "second";
    second.start = 5s;
    second.duration = 3s;
    manifest.tracks = {{"a", TrackKind::screen, "", {first}},
                       {"b", TrackKind::screen, "", {second}}};
  }

  Result<Exported> edl() const {
    const auto plan = make_plan(manifest, media, {});
    EXPECT_TRUE(plan);
    return export_edl({manifest, media, places}, *plan);
  }
};

std::vector<std::string> lines_of(const Result<Exported>& made) {
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  std::vector<std::string> lines;
  std::istringstream text{made ? made->text : ""};
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

TEST(ExportEdl, HasALineForEachCut) {
  const std::vector<std::string> expected{
      "TITLE: Two screens",
      "FCM: NON-DROP FRAME",
      "",
      "001  BL       V     C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00",
      "002  FIRSTONE V     C        00:00:20:00 00:00:24:00 00:00:01:00 00:00:05:00",
      "* FROM CLIP NAME: first one.mp4",
      "* SOURCE FILE: file:///media/first%20one.mp4",
      "* COMMENT: track a",
      "003  SECOND   V     C        00:00:20:00 00:00:23:00 00:00:05:00 00:00:08:00",
      "* FROM CLIP NAME: second.mp4",
      "* SOURCE FILE: https://media.example.org/second.mp4?x=1",
      "* COMMENT: track b",
      "004  BL       V     C        00:00:00:00 00:00:02:00 00:00:08:00 00:00:10:00"};
  EXPECT_EQ(lines_of(TwoScreens{}.edl()), expected);
}

TEST(ExportEdl, FadesOfTheLayoutAreDissolves) {
  TwoScreens job;
  job.manifest.layout.fade = 800ms;
  const auto lines = lines_of(job.edl());
  const std::vector<std::string> expected{
      "001  BL       V     C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00",
      "002  BL       V     C        00:00:01:00 00:00:01:00 00:00:01:00 00:00:01:00",
      "002  FIRSTONE V     D    010 00:00:20:00 00:00:23:15 00:00:01:00 00:00:04:15",
      "* FROM CLIP NAME: black",
      "* TO CLIP NAME: first one.mp4",
      "* SOURCE FILE: file:///media/first%20one.mp4",
      "* COMMENT: track a",
      "003  FIRSTONE V     C        00:00:23:15 00:00:23:15 00:00:04:15 00:00:04:15",
      "003  SECOND   V     D    020 00:00:19:15 00:00:22:15 00:00:04:15 00:00:07:15",
      "* FROM CLIP NAME: first one.mp4",
      "* TO CLIP NAME: second.mp4",
      "* SOURCE FILE: https://media.example.org/second.mp4?x=1",
      "* COMMENT: track b",
      "004  SECOND   V     C        00:00:22:15 00:00:22:15 00:00:07:15 00:00:07:15",
      "004  BL       V     D    010 00:00:00:00 00:00:02:10 00:00:07:15 00:00:10:00",
      "* FROM CLIP NAME: second.mp4",
      "* TO CLIP NAME: black"};
  EXPECT_EQ(std::vector<std::string>(lines.begin() + 3, lines.end()), expected);
}

TEST(ExportEdl, SaysDropFrameWhereTimecodeDrops) {
  TwoScreens job;
  job.manifest.canvas.rate = {30000, 1001};
  const auto lines = lines_of(job.edl());
  EXPECT_EQ(lines[1], "FCM: DROP FRAME");
  EXPECT_EQ(lines[3].substr(29), "00:00:00;00 00:00:01;00 00:00:00;00 00:00:01;00");
}

TEST(ExportEdl, ReelsAreShortAndNoTwoAlike) {
  TwoScreens job;
  job.manifest.assets[1].id = job.manifest.tracks[1].clips[0].asset = "first one again";
  job.media["first one again"] = job.media["second"];
  job.places["first one again"] = job.places["second"];
  const auto lines = lines_of(job.edl());
  EXPECT_EQ(lines[4].substr(5, 8), "FIRSTONE");
  EXPECT_EQ(lines[8].substr(5, 8), "FIRSTON2");
}

TEST(ExportEdl, RefusesWhatATimecodeCannotCount) {
  TwoScreens job;
  job.manifest.canvas.rate = {120, 1};
  EXPECT_EQ(job.edl().error().kind, Kind::usage);
  job.manifest.canvas.rate = {25, 1};
  job.manifest.duration = 24h;
  EXPECT_EQ(job.edl().error().kind, Kind::usage);
  job.manifest.duration = 24h - 1s;
  EXPECT_TRUE(job.edl());
}

TEST(ExportEdl, WarnsOfWhatIsMissingInIt) {
  TwoScreens job;
  EXPECT_EQ(job.edl()->warnings.size(), 1u);
  job.manifest.canvas.rate = {25, 2};
  EXPECT_EQ(job.edl()->warnings.size(), 2u);  // 13 to a second that has 12.5
}

TEST(Shots, GoOnWhileATileStaysInItsPlace) {
  Meeting meeting;
  const auto plan = meeting.plan();
  ASSERT_GT(plan.scenes.size(), 1u);
  const auto all = shots(plan);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].frames, (FrameRange{50, 200}));
  EXPECT_EQ(all[0].tile.rect, (Rect{0, 0, 1280, 720}));
}

}  // namespace
}  // namespace rostrum::test
