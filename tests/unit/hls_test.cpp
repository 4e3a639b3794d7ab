// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/fetch/hls.h"
#include "core/fetch/hls_attributes.h"
#include "core/fetch/hls_plan.h"

#include <gtest/gtest.h>

namespace rostrum::hls {
namespace {

const Url kBase = *parse_url("https://a.org/x/list.m3u8?token=1");

MediaPlaylist media(const std::string& lines) {
  const auto playlist = parse_playlist("#EXTM3U\n" + lines + "#EXT-X-ENDLIST\n", kBase);
  EXPECT_TRUE(playlist) << (playlist ? "" : playlist.error());
  const auto* found = playlist ? std::get_if<MediaPlaylist>(&*playlist) : nullptr;
  return found ? *found : MediaPlaylist{};
}

std::string refusal(const std::string& text) {
  const auto playlist = parse_playlist(text, kBase);
  return playlist ? "" : playlist.error();
}

Choice chosen(const std::string& lines, Size canvas = {1280, 720}) {
  const auto playlist = parse_playlist("#EXTM3U\n" + lines, kBase);
  return choose(std::get<MasterPlaylist>(*playlist), canvas);
}

TEST(HlsPlaylist, NamesSegmentsByRelativeAndAbsoluteUris) {
  const auto list = media(
      "#EXTINF:4.0,title\r\n0.ts\r\n#EXTINF:3,\n/1.ts\n#EXTINF:2.5,\n//b.org/2.ts\n"
      "#EXTINF:1,\nhttp://c.org/3.ts?x=1#y\n#EXTINF:1,\n../4.ts\n#EXTINF:1,\n?5\n");
  std::vector<std::string> urls;
  Nanoseconds total{0};
  for (const auto& segment : list.segments) {
    urls.push_back(segment.piece.url.text());
    total += segment.duration;
  }
  EXPECT_EQ(urls, (std::vector<std::string>{"https://a.org/x/0.ts", "https://a.org/1.ts",
                                            "https://b.org/2.ts", "http://c.org/3.ts?x=1",
                                            "https://a.org/4.ts", "https://a.org/x/list.m3u8?5"}));
  EXPECT_EQ(total, 12500ms);
}

TEST(HlsPlaylist, ByteRangesFollowOneAnother) {
  const auto list = media(
      "#EXTINF:1,\n#EXT-X-BYTERANGE:100@50\na.ts\n#EXTINF:1,\n#EXT-X-BYTERANGE:10\na.ts\n"
      "#EXTINF:1,\nb.ts\n");
  EXPECT_EQ(list.segments[0].piece.range, (ByteRange{50, 100}));
  EXPECT_EQ(list.segments[1].piece.range, (ByteRange{150, 10}));
  EXPECT_FALSE(list.segments[2].piece.range);
}

TEST(HlsPlaylist, ARangeThatFollowsNothingIsRefused) {
  const std::string rest = "#EXTINF:1,\n#EXT-X-BYTERANGE:10\na.ts\n#EXT-X-ENDLIST\n";
  EXPECT_NE(refusal("#EXTM3U\n" + rest), "");
  EXPECT_NE(refusal("#EXTM3U\n#EXTINF:1,\nb.ts\n" + rest), "");
  EXPECT_NE(refusal("#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:5@9223372036854775807\na.ts\n"
                    "#EXT-X-ENDLIST\n"),
            "");
}

TEST(HlsPlaylist, AKeyWithoutAVectorHasThatOfTheSegmentsNumber) {
  const auto list = media(
      "#EXT-X-MEDIA-SEQUENCE:258\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n#EXTINF:1,\na\n#EXTINF:1,"
      "\nb\n"
      "#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0xAb1\n#EXTINF:1,\nc\n"
      "#EXT-X-KEY:METHOD=NONE\n#EXTINF:1,\nd\n");
  const auto iv = [&](std::size_t i) { return list.segments[i].piece.key->iv; };
  EXPECT_EQ(list.segments[0].piece.key->url.text(), "https://a.org/x/k");
  EXPECT_EQ(iv(0)[14], 1);
  EXPECT_EQ(iv(0)[15], 2);
  EXPECT_EQ(iv(1)[15], 3);
  EXPECT_EQ(iv(2)[14], 0x0a);
  EXPECT_EQ(iv(2)[15], 0xb1);
  EXPECT_FALSE(list.segments[3].piece.key);
}

TEST(HlsPlaylist, OtherEncryptionIsRefusedByName) {
  const auto with = [](const std::string& key) {
    return refusal("#EXTM3U\n#EXT-X-KEY:" + key + "\n#EXTINF:1,\na\n#EXT-X-ENDLIST\n");
  };
  EXPECT_NE(with("METHOD=SAMPLE-AES,URI=\"k\"").find("SAMPLE-AES"), std::string::npos);
  EXPECT_NE(with("METHOD=AES-128,URI=\"k\",KEYFORMAT=\"com.apple.x\"").find("rights"),
            std::string::npos);
  EXPECT_NE(with("METHOD=AES-128,URI=\"data:text/plain,x\""), "");
  EXPECT_NE(with("METHOD=AES-128,URI=\"k\",IV=12"), "");
}

TEST(HlsPlaylist, AnEncryptedSectionNeedsAVector) {
  const std::string rest = "\n#EXT-X-MAP:URI=\"i\"\n#EXTINF:1,\na\n#EXT-X-ENDLIST\n";
  const std::string key = "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\"";
  EXPECT_NE(refusal(key + rest).find("vector"), std::string::npos);
  EXPECT_EQ(refusal(key + ",IV=0x1" + rest), "");
}

TEST(HlsPlaylist, DiscontinuitiesPartIt) {
  const auto list = media(
      "#EXT-X-DISCONTINUITY\n#EXTINF:1,\na\n#EXT-X-DISCONTINUITY\n#EXT-X-DISCONTINUITY\n"
      "#EXTINF:1,\nb\n#EXTINF:1,\n#EXT-X-GAP\nc\n#EXT-X-DISCONTINUITY-SEQUENCE:9\n#EXTINF:1,\nd\n");
  std::vector<std::size_t> parts;
  for (const auto& segment : list.segments) parts.push_back(segment.part);
  EXPECT_EQ(parts, (std::vector<std::size_t>{0, 1, 1, 1}));
  EXPECT_TRUE(list.segments[2].gap);
}

TEST(HlsPlaylist, SaysWhatIsNone) {
  EXPECT_NE(refusal("<html>").find("#EXTM3U"), std::string::npos);
  EXPECT_NE(refusal("\xef\xbb\xbf#EXTM3U\n"), "");
  EXPECT_NE(refusal("#EXTM3U\n#EXT-X-ENDLIST\n").find("no segments"), std::string::npos);
  EXPECT_NE(refusal("#EXTM3U\n#EXTINF:1,\na\n").find("#EXT-X-ENDLIST"), std::string::npos);
  for (const char* length : {"x", "-1", "1e300", "inf", "nan", ""})
    EXPECT_NE(refusal(std::string{"#EXTM3U\n#EXTINF:"} + length + ",\na\n#EXT-X-ENDLIST\n"), "");
  EXPECT_NE(refusal("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"), "");
}

TEST(HlsPlaylist, HasLimits) {
  const auto many = [](std::size_t count, const std::string& lines) {
    std::string text = "#EXTM3U\n";
    for (std::size_t i = 0; i < count; ++i) text += lines;
    return refusal(text + "#EXT-X-ENDLIST\n");
  };
  EXPECT_EQ(many(1000, "#EXT-X-DISCONTINUITY\n#EXTINF:1,\na\n"), "");
  EXPECT_NE(many(1001, "#EXT-X-DISCONTINUITY\n#EXTINF:1,\na\n"), "");
  EXPECT_NE(many(kMostSegments + 1, "#EXTINF:1,\na\n"), "");
  EXPECT_NE(many(1001, "#EXT-X-STREAM-INF:\na\n"), "");
  EXPECT_NE(many(2, "#EXTINF:3000000,\na\n"), "");  // 1667 h
}

TEST(HlsChoice, TakesTheLargestPictureThatTheCanvasHolds) {
  const std::string lines =
      "#EXT-X-STREAM-INF:BANDWIDTH=900,RESOLUTION=1920x1080\n1080\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=100,RESOLUTION=640x360\n360\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=500,RESOLUTION=1280x720,CODECS=\"avc1.4d,mp4a.40.2\"\n720\n"
      "#EXT-X-STREAM-INF:BANDWIDTH=400,RESOLUTION=1280x720\n720-less\n";
  EXPECT_EQ(chosen(lines).url.file_name(), "720");
  EXPECT_EQ(chosen(lines, {1920, 1080}).url.file_name(), "1080");
  EXPECT_EQ(chosen(lines, {1000, 1000}).url.file_name(), "360");
  EXPECT_EQ(chosen(lines, {320, 180}).url.file_name(), "360");
}

TEST(HlsChoice, WithoutSizesTakesTheHighestBandwidth) {
  EXPECT_EQ(chosen("#EXT-X-STREAM-INF:BANDWIDTH=1\na\n#EXT-X-STREAM-INF:BANDWIDTH=2\nb\n")
                .url.file_name(),
            "b");
}

TEST(HlsChoice, TakesThePreferredSound) {
  const std::string sounds =
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"a, b\",URI=\"en.m3u8\"\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"c\",DEFAULT=YES,URI=\"ru.m3u8\"\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"other\",NAME=\"c\",DEFAULT=YES,URI=\"no.m3u8\"\n"
      "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"g\",NAME=\"c\",DEFAULT=YES,URI=\"subs.m3u8\"\n"
      "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"own\",NAME=\"c\"\n";
  EXPECT_EQ(chosen(sounds + "#EXT-X-STREAM-INF:AUDIO=\"g\"\na\n").sound->file_name(), "ru.m3u8");
  EXPECT_FALSE(chosen(sounds + "#EXT-X-STREAM-INF:AUDIO=\"own\"\na\n").sound);
  EXPECT_FALSE(chosen(sounds + "#EXT-X-STREAM-INF:BANDWIDTH=1\na\n").sound);
}

TEST(HlsPlan, RunsBeginAtDiscontinuitiesAndSections) {
  const auto list = media(
      "#EXT-X-MAP:URI=\"i\",BYTERANGE=\"7@3\"\n#EXTINF:4,\na\n#EXTINF:4,\nb\n"
      "#EXT-X-MAP:URI=\"j\"\n#EXTINF:2,\nc\n"
      "#EXT-X-DISCONTINUITY\n#EXTINF:1,\n#EXT-X-GAP\nd\n#EXTINF:1,\ne\n#EXTINF:1,\na\n");
  const auto parts = plan_parts(list, nullptr);
  const auto& runs = parts.job.main;
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].pieces.size(), 3u);
  EXPECT_EQ(runs[0].pieces[0].range, (ByteRange{3, 7}));
  EXPECT_EQ(runs[1].pieces.size(), 2u);
  EXPECT_EQ(runs[1].part, 0u);
  EXPECT_EQ(runs[1].start, 0ns);  // of its part
  EXPECT_EQ(runs[2].part, 1u);
  EXPECT_EQ(runs[2].start, 10s);
  EXPECT_EQ(runs[2].pieces.size(), 3u);
  EXPECT_EQ(runs[2].pieces[2].file, runs[0].pieces[1].file);
  std::vector<std::string> urls;
  for (const auto& resource : parts.resources) urls.push_back(resource.url.substr(16));
  EXPECT_EQ(urls, (std::vector<std::string>{"i", "a", "b", "j", "c", "e"}));
}

TEST(HlsPlan, AJobIsReadAsItWasWritten) {
  const auto list =
      media("#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0x1\n#EXTINF:4,\n#EXT-X-BYTERANGE:9@1\na\n");
  const auto job = plan_parts(list, &list).job;
  EXPECT_EQ(parse_remux_job(remux_job_json(job)), job);
  EXPECT_FALSE(parse_remux_job("{}"));
  EXPECT_FALSE(parse_remux_job("["));
}

TEST(HlsAttributes, KeepCommasInQuotes) {
  const Attributes list{"A=1,B=\"x,y=z\", C=0x5 ,D=\"open"};
  EXPECT_EQ(list.text("A"), "1");
  EXPECT_EQ(list.text("B"), "x,y=z");
  EXPECT_EQ(list.text("C"), "0x5");
  EXPECT_EQ(list.text("D"), "open");
  EXPECT_EQ(list.text("E"), "");
}

}  // namespace
}  // namespace rostrum::hls
