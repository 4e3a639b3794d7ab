// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/hls_playlist.h"

#include <gtest/gtest.h>

#include <sstream>

namespace rostrum {
namespace {

std::string head(int version, int target) {
  return "#EXTM3U\n#EXT-X-VERSION:" + std::to_string(version) +
         "\n#EXT-X-TARGETDURATION:" + std::to_string(target) +
         "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:EVENT\n";
}

TEST(HlsPlaylist, ListsTransportStreamsAndThenEnds) {
  const std::vector<HlsSegment> segments{{"a-0.ts", 2s}, {"a-1.ts", 2s}, {"a-2.ts", 1001ms + 1ns}};
  const auto growing = head(3, 2) +
                       "#EXTINF:2.000000000,\na-0.ts\n#EXTINF:2.000000000,\na-1.ts\n"
                       "#EXTINF:1.001000001,\na-2.ts\n";
  EXPECT_EQ(format_playlist(segments, 2s, false), growing);
  EXPECT_EQ(format_playlist(segments, 2s, true), growing + "#EXT-X-ENDLIST\n");
}

TEST(HlsPlaylist, GivesEachFragmentedSegmentItsInitializationSection) {
  EXPECT_EQ(format_playlist({{"0.mp4", 1s, 0s, 800, 5000}, {"1.mp4", 1s, 0s, 801, 70}}, 1s, false),
            head(6, 1) +
                "#EXT-X-MAP:URI=\"0.mp4\",BYTERANGE=\"800@0\"\n#EXT-X-BYTERANGE:5000@800\n"
                "#EXTINF:1.000000000,\n0.mp4\n"
                "#EXT-X-MAP:URI=\"1.mp4\",BYTERANGE=\"801@0\"\n#EXT-X-BYTERANGE:70@801\n"
                "#EXTINF:1.000000000,\n1.mp4\n");
}

TEST(HlsPlaylist, SaysWhereTimestampsDoNotGoOn) {
  const auto breaks = [](std::vector<Nanoseconds> origins) {
    std::vector<HlsSegment> segments;
    for (const auto origin : origins) segments.push_back({"s", 2s, origin});
    std::istringstream lines{format_playlist(segments, 2s, false)};
    std::vector<int> found;
    int segment = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line == "#EXT-X-DISCONTINUITY") found.push_back(segment);
      segment += line == "s";
    }
    return found;
  };
  EXPECT_EQ(breaks({0s, 0s, 0s}), std::vector<int>{});
  EXPECT_EQ(breaks({0s, 2s, 4s}), (std::vector<int>{1, 2}));
  EXPECT_EQ(breaks({0s, 21ms, 0s}), std::vector<int>{});  // sound that begins a packet later
  EXPECT_EQ(breaks({0s, 2s, 0s, 0s}), (std::vector<int>{1, 2}));
}

TEST(HlsPlaylist, PromisesALengthThatNoSegmentPasses) {
  const struct {
    Nanoseconds longest;
    Nanoseconds segment;
    int target;
  } kCases[] = {
      {2s, 2s, 2},     {2s, 2040ms, 2},     {2s, 2499ms, 2}, {2s, 2500ms, 3},
      {1500ms, 1s, 2}, {2s + 1ns, 40ms, 3}, {0s, 100ms, 1},  {0s, 3700s, 3700},
  };
  for (const auto& c : kCases) {
    const auto text = format_playlist({{"s", c.segment}}, c.longest, false);
    EXPECT_EQ(text.find(head(3, c.target)), 0U) << text;
  }
}

TEST(HlsPlaylist, RefersToFilesFromItsOwnFolder) {
  const struct {
    const char* file;
    const char* folder;
    const char* uri;
  } kCases[] = {
      {"/a/b/out-0.ts", "/a/b", "out-0.ts"},
      {"/a/b/out-0.ts", "/a/b/", "out-0.ts"},
      {"/a/b/out-0.ts", "/a", "b/out-0.ts"},
      {"/a/b/out-0.ts", "/a/c/d", "../../b/out-0.ts"},
      {"/a/out 1:\"#%?.ts", "/a", "out%201%3A%22%23%25%3F.ts"},
      {"/a/\xc3\xbc\n.ts", "/a", "%C3%BC%0A.ts"},
  };
  for (const auto& c : kCases) EXPECT_EQ(segment_uri(c.file, c.folder), c.uri);
}

}  // namespace
}  // namespace rostrum
