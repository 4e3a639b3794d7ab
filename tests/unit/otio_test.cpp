// SPDX-License-Identifier: LGPL-2.1-or-later
// Timelines of OpenTimelineIO by other programs.
#include "otio_json.h"

namespace rostrum::test {
namespace {

const Clip& only_clip(const Imported& imported, std::size_t track = 0) {
  static const Clip kNone;
  const auto& tracks = imported.manifest.tracks;
  if (track >= tracks.size() || tracks[track].clips.size() != 1u) {
    ADD_FAILURE() << "track " << track << " has not one clip";
    return kNone;
  }
  return tracks[track].clips[0];
}

TEST(Otio, IsKnownByItsSchema) {
  EXPECT_TRUE(is_otio(otio_timeline({}).dump()));
  EXPECT_TRUE(is_otio("\xef\xbb\xbf \n{\"OTIO_SCHEMA\": \"Timeline.1\""));
  EXPECT_FALSE(is_otio("{\"rostrum\": 1}"));
  EXPECT_FALSE(is_otio("[\"OTIO_SCHEMA\"]"));
  EXPECT_FALSE(is_otio("\"OTIO_SCHEMA\""));
  EXPECT_FALSE(is_otio(""));
}

TEST(Otio, ClipsFollowEachOtherWithTheirGaps) {
  const auto imported = import_timeline(otio_timeline(
      {otio_track("Video", {otio_clip("a.mov", 3, 50), otio_gap(25), otio_clip("b.mov", 0, 10.5),
                            otio_clip("a.mov", 100, 25)})}));
  EXPECT_EQ(imported.warnings, std::vector<std::string>{});
  const auto& manifest = imported.manifest;
  EXPECT_EQ(manifest.title, "Edit");
  EXPECT_EQ(manifest.canvas.rate, (Fraction{25, 1}));
  EXPECT_TRUE(manifest.canvas.automatic);
  EXPECT_EQ(manifest.layout.policy, Policy::single);
  ASSERT_EQ(manifest.tracks.size(), 1u);
  EXPECT_EQ(manifest.tracks[0].kind, TrackKind::screen);
  const auto& clips = manifest.tracks[0].clips;
  ASSERT_EQ(clips.size(), 3u);
  EXPECT_EQ(clips[0].start, 0s);
  EXPECT_EQ(clips[0].in, 120ms);
  EXPECT_EQ(clips[0].duration, 2s);
  EXPECT_EQ(clips[1].start, 3s);
  EXPECT_EQ(clips[1].duration, 420ms);
  EXPECT_EQ(clips[2].start, 3'420ms);
  EXPECT_EQ(clips[2].in, 4s);
  EXPECT_EQ(clips[0].asset, clips[2].asset);
  EXPECT_EQ(manifest.assets.size(), 2u);
  EXPECT_TRUE(clips[0].muted.empty());  // no track of sound is there: its own is heard
}

TEST(Otio, RatesAreThoseOfTheTimeline) {
  const std::pair<double, Fraction> rates[] = {{24, {24, 1}},
                                               {23.976, {24000, 1001}},
                                               {23.98, {24000, 1001}},
                                               {29.97, {30000, 1001}},
                                               {29.97002997002997, {30000, 1001}},
                                               {59.94, {60000, 1001}},
                                               {12.5, {25, 2}},
                                               {240, {240, 1}}};
  for (const auto& [rate, fraction] : rates) {
    auto timeline = otio_timeline({otio_track("Video", {otio_clip("a.mov", 0, 10)})});
    timeline["global_start_time"] = otio_time(86400, rate);
    EXPECT_EQ(import_timeline(timeline).manifest.canvas.rate, fraction) << rate;
  }
}

TEST(Otio, TimesOfOtherRatesAreConverted) {
  auto clip = otio_clip("a.wav", 0, 0);
  clip["source_range"] = otio_range(24000, 72000, 48000);
  const auto imported = import_timeline(otio_timeline(
      {otio_track("Video", {otio_clip("a.mov", 0, 50)}), otio_track("Audio", {clip})}));
  EXPECT_EQ(imported.manifest.canvas.rate, (Fraction{25, 1}));
  EXPECT_EQ(only_clip(imported, 1).in, 500ms);
  EXPECT_EQ(only_clip(imported, 1).duration, 1500ms);
}

TEST(Otio, InPointsAreCountedFromWhereTheMediumBegins) {
  auto clip = otio_clip("a.mov", 90'050, 25);  // timecode of the medium: 01:00:00:00
  clip["media_reference"]["available_range"] = otio_range(90'000, 500);
  EXPECT_EQ(only_clip(import_timeline(otio_timeline({otio_track("Video", {clip})}))).in, 2s);
}

TEST(Otio, AClipWithoutARangeIsAllOfItsMedium) {
  auto clip = otio_clip("a.mov", 0, 0);
  clip["source_range"] = nullptr;
  clip["media_reference"]["available_range"] = otio_range(90'000, 50);
  auto open = otio_clip("b.mov", 0, 0);
  open["source_range"] = nullptr;
  const auto imported = import_timeline(otio_timeline({otio_track("Video", {clip, open})}));
  const auto& clips = imported.manifest.tracks.at(0).clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].duration, 2s);
  EXPECT_EQ(clips[1].start, 2s);
  EXPECT_EQ(clips[1].duration, std::nullopt);
}

TEST(Otio, OfSeveralReferencesTheActiveOneCounts) {
  auto clip = otio_clip("x", 0, 25);
  clip["OTIO_SCHEMA"] = "Clip.2";
  clip.erase("media_reference");
  clip["media_references"] = {{"DEFAULT_MEDIA", otio_file("a.mov")}, {"proxy", otio_file("p.mp4")}};
  clip["active_media_reference_key"] = "proxy";
  const auto imported = import_timeline(otio_timeline({otio_track("Video", {clip})}));
  const auto* asset = imported.manifest.asset(only_clip(imported).asset);
  ASSERT_TRUE(asset);
  EXPECT_EQ(asset->uri, "p.mp4");
  EXPECT_EQ(asset->alternatives, std::vector<std::string>{"a.mov"});
}

TEST(Otio, UpperPicturesCoverLowerOnes) {
  const auto imported = import_timeline(
      otio_timeline({otio_track("Video", {otio_clip("low.mov", 0, 250)}),
                     otio_track("Video", {otio_gap(25), otio_clip("mid.mov", 0, 50)}),
                     otio_track("Video", {otio_gap(50), otio_clip("top.mov", 0, 100)})}));
  EXPECT_EQ(only_clip(imported, 0).hidden, (std::vector<Interval>{{1s, 6s}}));
  EXPECT_EQ(only_clip(imported, 1).hidden, (std::vector<Interval>{{2s, 3s}}));
  EXPECT_EQ(only_clip(imported, 2).hidden, std::vector<Interval>{});
}

TEST(Otio, WithTracksOfSoundPicturesAreNotHeard) {
  const auto imported = import_timeline(
      otio_timeline({otio_track("Video", {otio_gap(25), otio_clip("a.mov", 0, 50)}),
                     otio_track("Audio", {otio_gap(25), otio_clip("a.mov", 0, 50)})}));
  EXPECT_EQ(only_clip(imported, 0).muted, (std::vector<Interval>{{1s, 3s}}));
  EXPECT_EQ(only_clip(imported, 1).muted, std::vector<Interval>{});
  EXPECT_EQ(imported.manifest.tracks[1].kind, TrackKind::audio);
}

TEST(Otio, ACrossfadeOfSoundIsHeardFromBothSides) {
  const auto imported = import_timeline(
      otio_timeline({otio_track("Audio", {otio_clip("a.wav", 0, 100), otio_transition(10, 15),
                                          otio_clip("b.wav", 50, 100)})}));
  const auto& last = only_clip(imported, 0);
  const auto& next = only_clip(imported, 1);
  EXPECT_EQ(last.duration, 4'600ms);
  EXPECT_EQ(last.sound.fade_out, 1s);
  EXPECT_EQ(next.start, 3'600ms);
  EXPECT_EQ(next.in, 1'600ms);
  EXPECT_EQ(next.duration, 4'400ms);
  EXPECT_EQ(next.sound.fade_in, 1s);
  EXPECT_EQ(imported.warnings, std::vector<std::string>{});
}

TEST(Otio, FadesFromAndToSilence) {
  const auto imported = import_timeline(otio_timeline(
      {otio_track("Audio", {otio_gap(25), otio_transition(0, 10), otio_clip("a.wav", 0, 100),
                            otio_transition(20, 0), otio_gap(25)})}));
  EXPECT_EQ(only_clip(imported).sound.fade_in, 400ms);
  EXPECT_EQ(only_clip(imported).sound.fade_out, 800ms);
  EXPECT_EQ(only_clip(imported).duration, 4s);
}

TEST(Otio, ATrimmedTrackShowsOnlyItsRange) {
  auto track = otio_track("Video", {otio_clip("a.mov", 0, 100), otio_clip("b.mov", 0, 100)});
  track["source_range"] = otio_range(75, 50);
  const auto imported = import_timeline(otio_timeline({track}));
  const auto& clips = imported.manifest.tracks.at(0).clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].start, 0s);
  EXPECT_EQ(clips[0].in, 3s);
  EXPECT_EQ(clips[0].duration, 1s);
  EXPECT_EQ(clips[1].start, 1s);
  EXPECT_EQ(clips[1].duration, 1s);
}

TEST(Otio, OldNamesOfTracksAndGapsAreKnown) {
  auto track = otio_track("Video", {otio_gap(25), otio_clip("a.mov", 0, 25)});
  track["OTIO_SCHEMA"] = "Sequence.1";
  track["children"][0]["OTIO_SCHEMA"] = "Filler.1";
  const auto imported = import_timeline(otio_timeline({track}));
  EXPECT_EQ(only_clip(imported).start, 1s);
  EXPECT_EQ(imported.warnings, std::vector<std::string>{});
}

TEST(Otio, ACollectionHoldsATimeline) {
  const Json collection{
      {"OTIO_SCHEMA", "SerializableCollection.1"},
      {"children", {otio_timeline({otio_track("Video", {otio_clip("a", 0, 5)})})}}};
  EXPECT_EQ(import_timeline(collection).manifest.tracks.size(), 1u);
}

}  // namespace
}  // namespace rostrum::test
