// SPDX-License-Identifier: LGPL-2.1-or-later
// What is wrong with a timeline, or cannot be used of it, is said with its place.
#include "otio_json.h"

namespace rostrum::test {
namespace {

using Lines = std::vector<std::string>;

// Of a track with this item, a second before it and one after it: the clip after it must still be
// where it was.
Lines warnings_of(const Json& item, Nanoseconds after = 2s) {
  const auto imported = import_timeline(
      otio_timeline({otio_track("Video", {otio_gap(25), item, otio_clip("after.mov", 0, 25)})}));
  const auto& tracks = imported.manifest.tracks;
  if (tracks.size() != 1u || tracks[0].clips.empty()) {
    ADD_FAILURE() << "no clip is left";
    return imported.warnings;
  }
  EXPECT_EQ(tracks[0].clips.back().start, after);
  return imported.warnings;
}

Lines at_item(const std::string& what) { return {"/tracks/children/0/children/1: " + what}; }

TEST(OtioBad, WhatHasNoFileIsAGap) {
  for (const char* schema : {"MissingReference.1", "GeneratorReference.1", "Unknown.7"}) {
    auto clip = otio_clip("a.mov", 0, 25);
    clip["media_reference"] = {{"OTIO_SCHEMA", schema}};
    EXPECT_EQ(warnings_of(clip), at_item("a clip without a file is left out")) << schema;
  }
  auto clip = otio_clip("a.mov", 0, 25);
  clip["media_reference"] = nullptr;
  EXPECT_EQ(warnings_of(clip), at_item("a clip without a file is left out"));
}

TEST(OtioBad, OtherPlacesThanFilesAndTheWebAreRefused) {
  for (const std::string& url : {std::string{"s3://bucket/a.mov"}, std::string{},
                                 std::string(9000, 'a'), std::string{"a\0b", 3}})
    EXPECT_EQ(warnings_of(otio_clip(url, 0, 25)),
              at_item("its target_url is no path, nor a file:, http: or https: URL; the clip is "
                      "left out"))
        << url;
}

TEST(OtioBad, CompositionsWithinTracksAreGapsOfTheirLength) {
  const Json nested{{"OTIO_SCHEMA", "Stack.1"},
                    {"children",
                     {otio_track("Video", {otio_clip("a.mov", 0, 25)}),
                      otio_track("Video", {otio_clip("b.mov", 0, 10)})}}};
  EXPECT_EQ(warnings_of(nested), at_item("only clips, gaps and transitions are imported; a gap "
                                         "stands for what is here"));
}

TEST(OtioBad, WhatIsSwitchedOffIsLeftOut) {
  auto clip = otio_clip("a.mov", 0, 25);
  clip["enabled"] = false;
  EXPECT_EQ(warnings_of(clip), at_item("a clip that is switched off is left out"));
  auto track = otio_track("Video", {otio_clip("a.mov", 0, 25)});
  track["enabled"] = false;
  EXPECT_EQ(import_timeline(otio_timeline({track})).warnings,
            Lines{"/tracks/children/0: a track that is switched off is left out"});
}

TEST(OtioBad, EffectsAndMarkersAreSaid) {
  auto clip = otio_clip("a.mov", 0, 25);
  clip["effects"] = {{{"OTIO_SCHEMA", "LinearTimeWarp.1"}, {"time_scalar", 2.0}}};
  clip["markers"] = {{{"OTIO_SCHEMA", "Marker.2"}}};
  EXPECT_EQ(warnings_of(clip).size(), 2u);
}

TEST(OtioBad, TransitionsOfPicturesAreCuts) {
  EXPECT_EQ(warnings_of(otio_transition(5, 5), 1s),
            at_item("pictures are cut where there is a transition between them"));
  EXPECT_EQ(warnings_of(otio_transition(0, 0), 1s),
            at_item("a transition without a length is left out"));
}

TEST(OtioBad, NonsenseOfTimesIsSkipped) {
  for (const auto& range :
       {otio_range(0, -5), otio_range(0, 5, 0), otio_range(0, 5, -25), otio_range(0, 1e12),
        Json{{"OTIO_SCHEMA", "TimeRange.1"}}, Json("now"), Json(7)}) {
    auto gap = otio_gap(0);
    gap["source_range"] = range;
    EXPECT_EQ(warnings_of(gap, 1s), at_item("its length is not known; it is left out")) << range;
  }
  EXPECT_EQ(warnings_of(otio_clip("a.mov", 0, 0), 1s), at_item("it has no length and is left out"));
  auto early = otio_clip("a.mov", 10, 25);
  early["media_reference"]["available_range"] = otio_range(20, 100);
  EXPECT_EQ(warnings_of(early),
            at_item("it begins before its medium; it is taken from its medium's beginning on"));
}

TEST(OtioBad, NothingEndsAfterAThousandHours) {
  Json children = Json::array();
  for (int i = 0; i < 3; ++i) children.push_back(otio_clip("a.mov", 0, 25.0 * 3600 * 400));
  const auto imported = import_timeline(otio_timeline({otio_track("Video", children)}));
  EXPECT_EQ(imported.manifest.tracks[0].clips.size(), 2u);
  EXPECT_EQ(imported.warnings,
            Lines{"/tracks/children/0/children/2: it ends after 1000 hours and is left out"});
}

TEST(OtioBad, WhatIsNoTimelineIsRefused) {
  const std::pair<std::string, Problem> cases[] = {
      {"{\"OTIO_SCHEMA\": \"Clip.1\"}", {"", "expected a Timeline of OpenTimelineIO"}},
      {"{\"OTIO_SCHEMA\": \"Timeline.1\"}", {"/tracks", "expected a Stack of tracks"}},
      {"{\"OTIO_SCHEMA\": \"Timeline.1\", \"tracks\": {\"OTIO_SCHEMA\": \"Stack.1\"}}",
       {"/tracks", "expected a Stack of tracks"}}};
  for (const auto& [text, problem] : cases) {
    const auto imported = import_otio(text);
    ASSERT_FALSE(imported) << text;
    EXPECT_EQ(imported.error(), Problems{problem});
  }
  const auto broken = import_otio("{\"OTIO_SCHEMA\": ");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().size(), 1u);
}

TEST(OtioBad, MetadataOfAnotherShapeAreNoReasonToFail) {
  auto clip = otio_clip("a.mov", 0, 25);
  clip["metadata"] = {{"rostrum", {{"clip", 5}, {"written", {1, 2}}, {"sound", "x"}}}};
  auto timeline = otio_timeline({otio_track("Video", {clip})});
  timeline["metadata"] = {{"rostrum", "x"}};
  timeline["tracks"]["children"][0]["metadata"] = {{"rostrum", {{"track", Json::array()}}}};
  EXPECT_EQ(import_timeline(timeline).manifest.tracks.size(), 1u);
}

}  // namespace
}  // namespace rostrum::test
