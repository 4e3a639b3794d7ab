// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/streaming.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

StreamedFilm film() {
  StreamedFilm film;
  film.pictures = {
      {{"a.picture.mp4", "a.picture.m3u8", "avc1.64001F", 700, 68, {{1000, 8s}, {3000, 6s + 40ms}}},
       {1280, 720}}};
  film.sound = StreamFile{
      "a.sound.mp4", "a.sound.m3u8", "mp4a.40.2", 600, 68, {{800, 8s}, {600, 6s + 40ms}}};
  film.rate = {30000, 1001};
  film.channels = 1;
  film.duration = 14s + 40ms;
  return film;
}

TEST(Streaming, SegmentsAreByteRangesOneAfterTheOther) {
  EXPECT_EQ(hls_segments(film().pictures[0].file),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:8\n#EXT-X-PLAYLIST-TYPE:VOD\n"
            "#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"a.picture.mp4\",BYTERANGE=\"700@0\"\n"
            "#EXTINF:8.000000,\n#EXT-X-BYTERANGE:1000@768\na.picture.mp4\n"
            "#EXTINF:6.040000,\n#EXT-X-BYTERANGE:3000@1768\na.picture.mp4\n#EXT-X-ENDLIST\n");
}

TEST(Streaming, ThePlaylistNamesPictureAndSound) {
  EXPECT_EQ(
      hls_playlist(film()),
      "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"Sound\",DEFAULT=YES,AUTOSELECT=YES,"
      "CHANNELS=\"1\",URI=\"a.sound.m3u8\"\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=4774,AVERAGE-BANDWIDTH=3077,"
      "CODECS=\"avc1.64001F,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO=\"sound\"\n"
      "a.picture.m3u8\n");
}

StreamedFilm with_rendition() {
  auto two = film();
  two.pictures.push_back({{"a.picture-360.mp4",
                           "a.picture-360.m3u8",
                           "avc1.64001E",
                           690,
                           68,
                           {{500, 8s}, {1510, 6s + 40ms}}},
                          {640, 360}});
  return two;
}

TEST(Streaming, EachRenditionIsAVariantWithTheSameSound) {
  const auto text = hls_playlist(with_rendition());
  EXPECT_NE(text.find(",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO=\"sound\"\na.picture.m3u8\n"
                      "#EXT-X-STREAM-INF:BANDWIDTH=2800,AVERAGE-BANDWIDTH=1944,"
                      "CODECS=\"avc1.64001E,mp4a.40.2\",RESOLUTION=640x360,FRAME-RATE=29.970,"
                      "AUDIO=\"sound\"\na.picture-360.m3u8\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("TYPE=AUDIO"), text.rfind("TYPE=AUDIO")) << "of all";
}

TEST(Streaming, DashHasOneSetWithARepresentationOfEach) {
  const auto mpd = dash_manifest(with_rendition());
  const auto set = mpd.substr(0, mpd.find("</AdaptationSet>"));
  for (const auto* part :
       {"<AdaptationSet contentType=\"video\" mimeType=\"video/mp4\" segmentAlignment=\"true\" "
        "subsegmentAlignment=\"true\"",
        "<Representation id=\"picture\" codecs=\"avc1.64001F\"",
        "<Representation id=\"picture-360\" codecs=\"avc1.64001E\" bandwidth=\"2000\" "
        "width=\"640\" height=\"360\"",
        "indexRange=\"690-757\""})
    EXPECT_NE(set.find(part), std::string::npos) << part << "\n" << mpd;
}

TEST(Streaming, SoundAloneIsItsOwnStream) {
  auto sound = film();
  sound.pictures.clear();
  EXPECT_EQ(hls_playlist(sound),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
            "#EXT-X-STREAM-INF:BANDWIDTH=800,AVERAGE-BANDWIDTH=798,CODECS=\"mp4a.40.2\"\n"
            "a.sound.m3u8\n");
  EXPECT_EQ(dash_manifest(sound).find("video"), std::string::npos);
}

TEST(Streaming, DashFindsHeadAndIndexInTheFile) {
  const auto mpd = dash_manifest(film());
  for (const auto* part :
       {"mediaPresentationDuration=\"PT14.040S\"", "indexRange=\"700-767\"", "range=\"0-699\"",
        "frameRate=\"30000/1001\"", "<BaseURL>a.sound.mp4</BaseURL>", "bandwidth=\"3974\""})
    EXPECT_NE(mpd.find(part), std::string::npos) << part << "\n" << mpd;
}

TEST(Streaming, TheEndingSaysTheKind) {
  EXPECT_EQ(stream_kind("x/a.m3u8"), StreamKind::hls);
  EXPECT_EQ(stream_kind("a.mpd"), StreamKind::dash);
  EXPECT_EQ(stream_kind("a.mp4"), std::nullopt);
}

}  // namespace
}  // namespace rostrum
