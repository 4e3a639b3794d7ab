// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/import/opencast_smil.h"
#include "opencast_package.h"

namespace rostrum::test {
namespace {

using Lines = std::vector<std::string>;

const std::string kBoth = oc_track("presenter/source", "cam.mp4", std::string{kPicture} + kSound) +
                          oc_track("presentation/source", "screen.mp4", kPicture);

TEST(Opencast, IsKnownByItsRoot) {
  EXPECT_TRUE(is_opencast(oc_package("")));
  EXPECT_TRUE(is_opencast("\xef\xbb\xbf<ns2:mediapackage xmlns:ns2='x'/>"));
  EXPECT_FALSE(is_opencast("<recording/>"));
  EXPECT_FALSE(is_opencast("<a mediapackage='1'/>"));
  EXPECT_FALSE(is_opencast("mediapackage"));
}

TEST(Opencast, PresenterIsACameraPresentationAScreen) {
  const auto imported = import_package(oc_package(kBoth));
  EXPECT_EQ(imported.warnings, Lines{});
  const auto& manifest = imported.manifest;
  EXPECT_EQ(manifest.title, "Lecture");
  EXPECT_EQ(manifest.duration, 10s);
  ASSERT_EQ(manifest.people.size(), 1u);
  EXPECT_EQ(manifest.people[0].name, "Anna");
  EXPECT_EQ(manifest.people[0].role, Role::presenter);
  ASSERT_EQ(manifest.tracks.size(), 2u);
  EXPECT_EQ(manifest.tracks[0].id, "presenter");
  EXPECT_EQ(manifest.tracks[0].kind, TrackKind::camera);
  EXPECT_EQ(manifest.tracks[0].person, "presenter");
  EXPECT_EQ(manifest.tracks[1].kind, TrackKind::screen);
  EXPECT_EQ(manifest.tracks[1].person, "");
  EXPECT_EQ(manifest.tracks[1].clips[0].start, 0s);
  EXPECT_EQ(manifest.tracks[1].clips[0].duration, 10s);
  EXPECT_EQ(manifest.assets[0].uri, "cam.mp4");
}

TEST(Opencast, PrefixesOfNamespacesDoNotMatter) {
  const auto imported = import_package(
      "<oc:mediapackage xmlns:oc='http://mediapackage.opencastproject.org'><oc:title>T</oc:title>"
      "<oc:media><oc:track type='presentation/source'><oc:url>s.mp4</oc:url></oc:track></oc:media>"
      "</oc:mediapackage>");
  EXPECT_EQ(imported.manifest.title, "T");
  ASSERT_EQ(imported.manifest.tracks.size(), 1u);
  EXPECT_EQ(imported.manifest.tracks[0].clips[0].duration, std::nullopt);
}

TEST(Opencast, SoundAloneIsAMicrophone) {
  const auto imported = import_package(
      oc_package(oc_track("presenter/source", "v.mp4", kPicture) +
                 oc_track("presenter/source", "a.mp3", "<mimetype>audio/mpeg</mimetype>")));
  ASSERT_EQ(imported.manifest.tracks.size(), 2u);
  EXPECT_EQ(imported.manifest.tracks[0].kind, TrackKind::camera);
  EXPECT_EQ(imported.manifest.tracks[1].kind, TrackKind::microphone);
  EXPECT_EQ(imported.manifest.tracks[1].person, "presenter");
}

TEST(Opencast, SoundThatBothPicturesHaveIsHeardOnce) {
  const auto imported = import_package(
      oc_package(oc_track("presentation/source", "s.mp4", std::string{kPicture} + kSound) +
                 oc_track("presenter/source", "c.mp4", std::string{kPicture} + kSound)));
  EXPECT_EQ(imported.manifest.tracks[0].clips[0].muted, (std::vector<Interval>{{0s, 10s}}));
  EXPECT_TRUE(imported.manifest.tracks[1].clips[0].muted.empty());
  EXPECT_EQ(imported.warnings, Lines{"/mediapackage/media/track[1]: muted, for the presenter's "
                                     "track has the sound, too"});
}

TEST(Opencast, TheFilmIsWhatTheEditorLeft) {
  const auto smil = oc_smil(oc_cut("1000ms", "3s") + oc_cut("00:00:05", "6500ms"));
  const auto imported = import_package(oc_package(kBoth, oc_catalog("smil/cutting", "cut.smil")),
                                       {{"cut.smil", smil}});
  EXPECT_EQ(imported.manifest.duration, 3'500ms);
  for (const auto& track : imported.manifest.tracks) {
    ASSERT_EQ(track.clips.size(), 2u);
    EXPECT_EQ(track.clips[0].start, 0s);
    EXPECT_EQ(track.clips[0].in, 1s);
    EXPECT_EQ(track.clips[0].duration, 2s);
    EXPECT_EQ(track.clips[1].start, 2s);
    EXPECT_EQ(track.clips[1].in, 5s);
    EXPECT_EQ(track.clips[1].duration, 1'500ms);
  }
  EXPECT_EQ(imported.warnings, Lines{"/mediapackage: the film is what smil/cutting left: 2 parts, "
                                     "0:00:03.500"});
}

TEST(Opencast, WhatIsEditedAlreadyIsNotCutAgain) {
  const auto imported =
      import_package(oc_package(oc_track("presenter/delivery", "small.mp4",
                                         "<video><resolution>320x180</resolution></video>") +
                                    oc_track("presenter/delivery", "large.mp4", kPicture),
                                oc_catalog("smil/cutting", "cut.smil")),
                     {{"cut.smil", oc_smil(oc_cut("1s", "2s"))}});
  ASSERT_EQ(imported.manifest.assets.size(), 1u);
  EXPECT_EQ(imported.manifest.assets[0].uri, "large.mp4");
  EXPECT_EQ(imported.manifest.tracks[0].clips[0].duration, 10s);
  EXPECT_EQ(imported.warnings,
            Lines{"/mediapackage/media/track[1]: presenter/delivery is not used"});
}

TEST(Opencast, RecordedIsBetterThanMade) {
  const auto imported = import_package(oc_package(oc_track("presenter/preview", "p.mp4", kPicture) +
                                                  oc_track("presenter/work", "w.mp4", kPicture) +
                                                  oc_track("presenter/source", "s.mp4", kPicture)));
  ASSERT_EQ(imported.manifest.assets.size(), 1u);
  EXPECT_EQ(imported.manifest.assets[0].uri, "s.mp4");
}

TEST(Opencast, PartsStandAtTheirTimes) {
  const auto smil = oc_smil(
      "<par><seq><video begin='412ms' dur='2s' src='http://x/id-a.mp4/a.mp4'/>"
      "<video begin='4s' dur='3s' src='b.mp4'/><audio begin='0ms' dur='9s' "
      "src='c.mp3'/></seq></par>");
  const auto imported =
      import_package(oc_package(oc_track("presenter/source+partial", "a.mp4", kPicture) +
                                    oc_track("presenter/source+partial", "b.mp4", kPicture) +
                                    oc_track("presenter/source+partial", "c.mp3", kSound),
                                oc_catalog("smil/source+partial", "parts.smil")),
                     {{"parts.smil", smil}});
  ASSERT_EQ(imported.manifest.tracks.size(), 2u);
  const auto& camera = imported.manifest.tracks[0];
  ASSERT_EQ(camera.clips.size(), 2u);
  EXPECT_EQ(camera.clips[0].start, 412ms);
  EXPECT_EQ(camera.clips[0].duration, 2s);
  EXPECT_EQ(camera.clips[1].start, 4s);
  EXPECT_EQ(imported.manifest.tracks[1].kind, TrackKind::microphone);
  EXPECT_EQ(imported.manifest.tracks[1].clips[0].duration, 9s);
}

TEST(Opencast, OfPartsThatOverlapTheLaterCutsTheEarlier) {
  const auto smil = oc_smil(
      "<par><seq><video begin='0' dur='5s' src='a.mp4'/>"
      "<video begin='3s' dur='5s' src='b.mp4'/></seq></par>");
  const auto imported =
      import_package(oc_package(oc_track("presenter/source+partial", "a.mp4", kPicture) +
                                    oc_track("presenter/source+partial", "b.mp4", kPicture),
                                oc_catalog("smil/source+partial", "parts.smil")),
                     {{"parts.smil", smil}});
  const auto& clips = imported.manifest.tracks.at(0).clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].duration, 3s);
  EXPECT_EQ(clips[1].start, 3s);
}

TEST(Opencast, ALaterPartCutsAllThatIsAfterItsBeginning) {
  const auto parts = oc_smil(
      "<par><seq><video begin='0' dur='10s' src='a.mp4'/>"
      "<video begin='2s' dur='3s' src='b.mp4'/></seq></par>");
  const auto cuts = oc_smil(oc_cut("0s", "1s") + oc_cut("3s", "4s") + oc_cut("6s", "8s"));
  const auto imported = import_package(
      oc_package(oc_track("presenter/source+partial", "a.mp4", kPicture) +
                     oc_track("presenter/source+partial", "b.mp4", kPicture),
                 oc_catalog("smil/source+partial", "parts") + oc_catalog("smil/cutting", "cut")),
      {{"parts", parts}, {"cut", cuts}});
  const auto& clips = imported.manifest.tracks.at(0).clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].duration, 1s);
  EXPECT_EQ(clips[1].start, 1s);
  EXPECT_EQ(clips[1].in, 1s);
  EXPECT_EQ(clips[1].duration, 1s);
}

TEST(Opencast, ARecordingInPartsEndsWithItsLastPart) {
  const auto smil = oc_smil(
      "<par><seq><video begin='0' dur='10s' src='a.mp4'/>"
      "<video begin='15s' dur='0ms' src='b.mp4'/></seq></par>");  // as long as the file
  const auto tracks = oc_track("presenter/source+partial", "a.mp4", kPicture) +
                      oc_track("presenter/source+partial", "b.mp4", kPicture);
  const auto imported = import_package(
      oc_package(tracks, oc_catalog("smil/source+partial", "parts.smil")), {{"parts.smil", smil}});
  EXPECT_EQ(imported.manifest.duration, 25s);
  const auto& clips = imported.manifest.tracks.at(0).clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[1].start, 15s);
  EXPECT_EQ(clips[1].duration, 10s);
}

TEST(Opencast, TracksOfUnknownLengthAreCutByTheTimesOfTheRecording) {
  const auto imported = import_package(
      "<mediapackage><title>T</title><media><track type='presentation/source'><url>s.mp4</url>"
      "</track></media><metadata>" +
          oc_catalog("smil/cutting", "cut.smil") + "</metadata></mediapackage>",
      {{"cut.smil", oc_smil(oc_cut("5s", "10s") + oc_cut("20s", "25s"))}});
  EXPECT_EQ(imported.manifest.duration, 10s);
  const auto& clips = imported.manifest.tracks.at(0).clips;
  ASSERT_EQ(clips.size(), 2u);
  EXPECT_EQ(clips[0].in, 5s);
  EXPECT_EQ(clips[0].duration, 5s);
  EXPECT_EQ(clips[1].start, 5s);
  EXPECT_EQ(clips[1].in, 20s);
}

TEST(Opencast, DublinCoreSaysTitleAndCreators) {
  const std::string core =
      "<dublincore xmlns='x' xmlns:dcterms='y'><dcterms:title xml:lang='en'>\n  Land and\n "
      "Vegetation </dcterms:title><dcterms:creator>A</dcterms:creator>"
      "<dcterms:creator>B</dcterms:creator></dublincore>";
  const auto package = oc_package(kBoth, oc_catalog("dublincore/episode", "dc.xml"));
  EXPECT_EQ(opencast_catalogs(package), Lines{"dc.xml"});
  const auto imported = import_package(package, {{"dc.xml", core}});
  EXPECT_EQ(imported.manifest.title, "Land and Vegetation");
  EXPECT_EQ(imported.manifest.people[0].name, "A, B");
}

TEST(Opencast, ChecksumsOfSha256AreKept) {
  const std::string hash(64, 'A');
  const auto imported = import_package(
      oc_package("<track type='presenter/source'><url>a.mp4</url><checksum type='SHA-256'>" + hash +
                 "</checksum></track><track type='presentation/source'><url>b.mp4</url><checksum "
                 "type='md5'>43b7d843b02c4a429b2f547a4f230d31</checksum></track>"));
  EXPECT_EQ(imported.manifest.assets[0].sha256, std::string(64, 'a'));
  EXPECT_EQ(imported.manifest.assets[1].sha256, "");
}

TEST(OpencastBad, CatalogsThatCannotBeReadAreWarnings) {
  const auto package =
      oc_package(kBoth, oc_catalog("smil/cutting", "a") + oc_catalog("dublincore/episode", "b") +
                            oc_catalog("mpeg-7/segments", "c"));
  EXPECT_EQ(
      import_package(package, {{"a", "<svg/>"}}).warnings,
      (Lines{"/mediapackage/metadata/catalog[2]: dublincore/episode: the file cannot be read; "
             "it is not used",
             "/mediapackage/metadata/catalog[3]: mpeg-7/segments is not used",
             "/mediapackage/metadata/catalog[1]: smil/cutting: is no SMIL; it is not used"}));
}

TEST(OpencastBad, CutsAreInTheOrderOfTheRecording) {
  const auto smil = oc_smil(oc_cut("5s", "6s") + oc_cut("1s", "3s") + oc_cut("2s", "4s") +
                            oc_cut("9s", "8s") + oc_cut("x", "8s"));
  const auto imported =
      import_package(oc_package(kBoth, oc_catalog("smil/cutting", "c")), {{"c", smil}});
  EXPECT_EQ(imported.manifest.duration, 4s);
  EXPECT_EQ(imported.manifest.tracks[0].clips.size(), 2u);
  EXPECT_EQ(imported.warnings.size(), 4u);  // two parts without times, the order, how much is left
}

TEST(OpencastBad, TracksWithoutAPlaceAreWarnings) {
  const auto imported = import_package(oc_package(
      "<track type='presenter/source'/><track type='presenter/source'><url>rtmp://x/y</url></track>"
      "<track type='captions/vtt+en'><url>c.vtt</url></track>"));
  EXPECT_EQ(imported.manifest.tracks.size(), 0u);
  EXPECT_EQ(imported.warnings.size(), 3u);
}

TEST(OpencastBad, WhatIsNoPackageIsRefused) {
  for (const char* text : {"", "<a/>", "<mediapackage>", "{}"}) {
    const auto imported = import_opencast(text, {});
    ASSERT_FALSE(imported) << text;
    EXPECT_EQ(imported.error().size(), 1u);
    EXPECT_TRUE(opencast_catalogs(text).empty());
  }
}

TEST(OpencastSmil, ClockValuesAreThoseOfSmil) {
  const std::pair<const char*, std::optional<Nanoseconds>> cases[] = {{"180ms", 180ms},
                                                                      {"1.5s", 1'500ms},
                                                                      {"2min", 120s},
                                                                      {"1h", 3600s},
                                                                      {"90", 90s},
                                                                      {"01:30", 90s},
                                                                      {"1:01:30.5", 3690'500ms},
                                                                      {"0ms", 0s},
                                                                      {"", std::nullopt},
                                                                      {"s", std::nullopt},
                                                                      {"1d", std::nullopt},
                                                                      {"-1s", std::nullopt},
                                                                      {"1001h", std::nullopt},
                                                                      {"1e5", std::nullopt},
                                                                      {"nan", std::nullopt}};
  for (const auto& [text, time] : cases) EXPECT_EQ(opencast::clock_value(text), time) << text;
}

}  // namespace
}  // namespace rostrum::test
