// SPDX-License-Identifier: LGPL-2.1-or-later
// A job, exported and imported again; and what an editor may have done in between.
#include "core/export/otio.h"

#include "export_job.h"
#include "otio_json.h"

namespace rostrum::test {
namespace {

Json exported(const ExampleJob& job) { return Json::parse(export_otio(job.source()).text); }

Json& track(Json& timeline, const std::string& name) {
  for (auto& track : timeline["tracks"]["children"])
    if (track["name"] == name) return track;
  throw std::out_of_range{name};
}

const Track& track(const Manifest& manifest, const std::string& id) {
  for (const auto& track : manifest.tracks)
    if (track.id == id) return track;
  throw std::out_of_range{id};
}

TEST(ExportOtio, AJobWithEveryKeyComesBackAsItWas) {
  const ExampleJob job;
  const auto imported = import_timeline(exported(job));
  EXPECT_EQ(write_manifest(imported.manifest), write_manifest(job.manifest));
  EXPECT_EQ(imported.warnings, std::vector<std::string>{});
  const auto before = make_plan(job.manifest, job.media, {});
  const auto after = make_plan(imported.manifest, job.media, {});
  ASSERT_TRUE(before && after);
  EXPECT_EQ(plan_json(*after), plan_json(*before));
}

TEST(ExportOtio, TimesBetweenTwoFramesComeBackToo) {
  for (const Fraction rate : {Fraction{25, 1}, {30000, 1001}, {24, 1}, {240, 1}, {1, 1}}) {
    ExampleJob job;
    job.manifest.canvas.rate = rate;
    auto& clips = job.manifest.tracks[0].clips;
    clips[0].start = 12'345'678'901ns;
    clips[0].in = 333'333'333ns;
    clips[0].duration = 59'999'999'999ns;
    clips[1].start = clips[0].start + *clips[0].duration;
    job.manifest.tracks[3].clips[0].sound.fade_in = 1'234'567ns;
    EXPECT_EQ(write_manifest(import_timeline(exported(job)).manifest), write_manifest(job.manifest))
        << rate.num << "/" << rate.den;
  }
}

TEST(ExportOtio, ClipsStandOnWholeFramesWithGapsBetween) {
  const ExampleJob job;
  auto timeline = exported(job);
  const auto& children = track(timeline, "anna")["children"];
  ASSERT_EQ(children.size(), 3u);  // gap, clip, clip
  EXPECT_EQ(children[0]["OTIO_SCHEMA"], "Gap.1");
  EXPECT_EQ(children[0]["source_range"]["duration"]["value"], 312.0);  // 12.48 s
  const auto& clip = children[1];
  EXPECT_EQ(clip["OTIO_SCHEMA"], "Clip.2");
  EXPECT_EQ(clip["source_range"]["start_time"]["value"], 13.0);  // 0.5 s, rounded half up
  EXPECT_EQ(clip["source_range"]["duration"]["value"], 15000.0);
}

TEST(ExportOtio, PlacesOfAMediumAreItsReferences) {
  const ExampleJob job;
  auto timeline = exported(job);
  const auto& clip = track(timeline, "anna")["children"][1];
  EXPECT_EQ(clip["active_media_reference_key"], "DEFAULT_MEDIA");
  const auto& references = clip["media_references"];
  EXPECT_EQ(references["DEFAULT_MEDIA"]["target_url"], "media/anna-1.mp4");
  EXPECT_EQ(references["ALTERNATIVE_1"]["target_url"],
            "https://media.example.org/anna-1.mp4/playlist.m3u8");
  EXPECT_EQ(references["DEFAULT_MEDIA"]["available_range"]["duration"]["value"], 17500.0);
}

TEST(ExportOtio, SoundOfPicturesIsOnATrackOfItsOwn) {
  const ExampleJob job;
  auto timeline = exported(job);
  std::vector<std::string> names;
  for (const auto& t : timeline["tracks"]["children"])
    names.push_back(t["kind"].get<std::string>() + " " + t["name"].get<std::string>());
  EXPECT_EQ(names, (std::vector<std::string>{"Video anna", "Video screen", "Video slides",
                                             "Audio mic-7", "Audio music", "Audio anna (sound)"}));
}

TEST(ExportOtio, FadesAreTransitionsFromAndToGaps) {
  ExampleJob job;
  auto& clip = job.manifest.tracks[3].clips[0];
  clip.sound.fade_in = 2s;
  clip.sound.fade_out = 1s;
  auto timeline = exported(job);
  const auto& children = track(timeline, "mic-7")["children"];
  ASSERT_EQ(children.size(), 4u);  // gap, in, clip, out
  EXPECT_EQ(children[1]["out_offset"]["value"], 50.0);
  EXPECT_EQ(children[3]["in_offset"]["value"], 25.0);
  EXPECT_EQ(write_manifest(import_timeline(timeline).manifest), write_manifest(job.manifest));
  track(timeline, "mic-7")["children"][1]["out_offset"]["value"] = 75.0;  // in the editor
  const auto edited = import_timeline(timeline).manifest;
  EXPECT_EQ(track(edited, "mic-7").clips[0].sound.fade_in, 3s);
}

TEST(ExportOtio, WhatIsMovedTakesItsMutesAlong) {
  const ExampleJob job;
  auto timeline = exported(job);
  for (const char* name : {"anna", "anna (sound)"}) {
    auto& gap = track(timeline, name)["children"][0];
    gap["source_range"]["duration"]["value"] = 412.0;  // 4 s later
  }
  const auto imported = import_timeline(timeline);
  const auto& clips = track(imported.manifest, "anna").clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].start, 16'480ms);
  EXPECT_EQ(clips[0].duration, 600s);
  EXPECT_EQ(clips[0].muted[0], (Interval{34s, 49'500ms}));
  EXPECT_EQ(clips[0].hidden[0], (Interval{304s, 324s}));
  EXPECT_EQ(clips[1].fallback, std::vector<std::string>{"anna-1"});
  EXPECT_EQ(imported.manifest.duration, std::nullopt);
  ASSERT_EQ(imported.warnings.size(), 1u);
  EXPECT_NE(imported.warnings[0].find("clips were edited"), std::string::npos);
}

TEST(ExportOtio, ASplitClipIsTwo) {
  const ExampleJob job;
  auto timeline = exported(job);
  for (const char* name : {"anna", "anna (sound)"}) {
    auto& children = track(timeline, name)["children"];
    auto second = children[1];
    children[1]["source_range"]["duration"]["value"] = 2500.0;
    second["source_range"]["start_time"]["value"] = 2513.0;
    second["source_range"]["duration"]["value"] = 12500.0;
    children.insert(children.begin() + 2, second);
  }
  const auto imported = import_timeline(timeline);
  const auto& clips = track(imported.manifest, "anna").clips;
  ASSERT_EQ(clips.size(), 3u);
  EXPECT_EQ(clips[0].duration, 100s);
  EXPECT_EQ(clips[1].start, 112'480ms);
  EXPECT_EQ(clips[1].in, 100'520ms);
  EXPECT_EQ(clips[0].muted, (std::vector<Interval>{{30s, 45'500ms}}));  // to the frame
  EXPECT_EQ(clips[1].hidden.size(), 1u);
}

TEST(ExportOtio, SoundThatWasTakenAwayIsMuted) {
  const ExampleJob job;
  auto timeline = exported(job);
  auto& sound = track(timeline, "anna (sound)")["children"];
  sound.erase(1);
  const auto imported = import_timeline(timeline);
  const auto& clips = track(imported.manifest, "anna").clips;
  EXPECT_EQ(clips[0].muted, (std::vector<Interval>{{12'480ms, 612'480ms}}));
}

TEST(ExportOtio, SoundThatWasMovedAwayFromItsPictureIsATrackOfItsPerson) {
  const ExampleJob job;
  auto timeline = exported(job);
  track(timeline, "anna (sound)")["children"][1]["source_range"]["start_time"]["value"] = 20.0;
  const auto manifest = import_timeline(timeline).manifest;
  const auto& voice = track(manifest, "anna (sound)");
  EXPECT_EQ(voice.kind, TrackKind::microphone);
  EXPECT_EQ(voice.person, "anna");
  ASSERT_EQ(voice.clips.size(), 1u);
  EXPECT_EQ(voice.clips[0].in, 800ms);
  EXPECT_EQ(track(manifest, "anna").clips[0].muted.size(), 1u);
}

TEST(ExportOtio, ARelinkedClipIsAnotherAsset) {
  const ExampleJob job;
  auto timeline = exported(job);
  for (const char* name : {"anna", "anna (sound)"}) {
    auto& references = track(timeline, name)["children"][1]["media_references"];
    references = {{"DEFAULT_MEDIA", otio_file("graded/anna-1.mov")}};
  }
  const auto manifest = import_timeline(timeline).manifest;
  const auto& clip = track(manifest, "anna").clips[0];
  EXPECT_EQ(manifest.asset(clip.asset)->uri, "graded/anna-1.mov");
  EXPECT_EQ(manifest.asset(clip.asset)->sha256, "");
}

TEST(ExportOtio, SaysWhatIsOnlyInTheMetadata) {
  const ExampleJob job;
  const auto made = export_otio(job.source());
  ASSERT_EQ(made.warnings.size(), 1u);
  for (const char* word : {"layout", "people", "scenes", "title cards", "logo", "mutes", "loops"})
    EXPECT_NE(made.warnings[0].find(word), std::string::npos) << word;
}

TEST(ExportOtio, WhatIsWrongInTheMetadataIsNamedByItsPlace) {
  const ExampleJob job;
  auto timeline = exported(job);
  auto& ours = timeline["metadata"]["rostrum"]["job"];
  ours["canvas"]["rate"] = "fast";
  track(timeline, "anna")["children"][1]["metadata"]["rostrum"]["clip"]["gain"] = 1000;
  const auto imported = import_otio(timeline.dump());
  ASSERT_FALSE(imported);
  ASSERT_EQ(imported.error().size(), 2u);
  std::vector<std::string> places;
  for (const auto& problem : imported.error()) places.push_back(problem.pointer);
  EXPECT_EQ(places[0], "/metadata/rostrum/job/canvas/rate");
  EXPECT_EQ(places[1], "/tracks/children/0/children/1/metadata/rostrum/clip/gain");
}

}  // namespace
}  // namespace rostrum::test
