// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/streaming.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

StreamedFilm film() {
  StreamedFilm film;
  film.picture = StreamFile{
      "a.picture.mp4", "a.picture.m3u8", "avc1.64001F", 700, 68, {{1000, 8s}, {3000, 6s + 40ms}}};
  film.sound = StreamFile{
      "a.sound.mp4", "a.sound.m3u8", "mp4a.40.2", 600, 68, {{800, 8s}, {600, 6s + 40ms}}};
  film.size = {1280, 720};
  film.rate = {30000, 1001};
  film.channels = 1;
  film.duration = 14s + 40ms;
  return film;
}

TEST(Streaming, SegmentsAreByteRangesOneAfterTheOther) {
  EXPECT_EQ(hls_segments(*film().picture),
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

TEST(Streaming, SoundAloneIsItsOwnStream) {
  auto sound = film();
  sound.picture.reset();
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
