// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunk_cuts.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

TEST(ChunkPattern, NumbersFiles) {
  const struct {
    const char* text;
    const char* path;
    const char* temporary;
  } kCases[] = {
      {"out-%05d.mp4", "out-00007.mp4", ".out-00007.mp4.part"},
      {"/a/b.c/%d", "/a/b.c/7", "/a/b.c/.7.part"},
      {"100%%-%02d.mp4", "100%-07.mp4", ".100%-07.mp4.part"},
      {"./%01dx", "./7x", "./.7x.part"},
  };
  for (const auto& c : kCases) {
    const auto pattern = ChunkPattern::parse(c.text);
    ASSERT_TRUE(pattern) << c.text;
    EXPECT_EQ(pattern->path(7), c.path);
    EXPECT_EQ(pattern->temporary_path(7), c.temporary);
  }
  EXPECT_EQ(ChunkPattern::parse("%02d")->path(12345), "12345");
}

TEST(ChunkPattern, RefusesWhatIsNotOneNumberInTheFileName) {
  for (const char* bad : {"", "out.mp4", "%s.mp4", "%05d-%05d.mp4", "%5d.mp4", "%x", "a%", "%-5d",
                          "%0d.mp4", "%05u", "%d/out.mp4", "%%d.mp4", "%n%d", "%012d", "dir/"}) {
    const auto pattern = ChunkPattern::parse(bad);
    ASSERT_FALSE(pattern) << bad;
    EXPECT_EQ(pattern.error().kind, Kind::usage);
    EXPECT_NE(pattern.error().message.find(bad), std::string::npos);
  }
}

TEST(ChunkCuts, HoldsFromItsStartToTheNext) {
  const auto every = ChunkCuts::every(2s);
  const auto at = ChunkCuts::at({0ns, 2s, 4s, 5s});
  ASSERT_TRUE(at);
  for (const auto& cuts : {every, *at}) {
    EXPECT_EQ(cuts.index_of(-1ms), 0);
    EXPECT_EQ(cuts.index_of(0ns), 0);
    EXPECT_EQ(cuts.index_of(2s - 1ns), 0);
    EXPECT_EQ(cuts.index_of(2s), 1);
    EXPECT_EQ(cuts.index_of(4s), 2);
    EXPECT_EQ(cuts.start(1), 2s);
    EXPECT_EQ(cuts.start(2), 4s);
    EXPECT_FALSE(cuts.start(0));
  }
  EXPECT_EQ(at->index_of(1h), 3);
  EXPECT_FALSE(at->start(4));
  EXPECT_EQ(ChunkCuts::every(2002ms).start(100'000), 200'200s);  // does not drift
  EXPECT_EQ(ChunkCuts{}.index_of(1h), 0);
}

TEST(ChunkCuts, KnowsTheLongestChunkThatHasAnEnd) {
  EXPECT_EQ(ChunkCuts{}.longest(), 0ns);
  EXPECT_EQ(ChunkCuts::every(2s).longest(), 2s);
  EXPECT_EQ(ChunkCuts::at({0ns, 3s, 4s})->longest(), 3s);
  EXPECT_EQ(ChunkCuts::at({3s, 9s, 10s})->longest(), 6s);
}

TEST(ChunkCuts, RefusesTimesThatDoNotIncrease) {
  EXPECT_FALSE(ChunkCuts::at({2s, 2s}));
  EXPECT_FALSE(ChunkCuts::at({2s, 1s}));
  EXPECT_FALSE(ChunkCuts::at({-1ns, 1s}));
  EXPECT_NE(ChunkCuts::at({1s, 3s, 2s}).error().message.find("number 3"), std::string::npos);
}

TEST(Admit, LetsOnlyKeyFramesOpenAChunk) {
  const struct {
    Arrival arrival;
    Admission expected;
  } kCases[] = {
      {{.index = 0, .current = -1}, Admission::cut},
      {{.index = 0, .current = -1, .key = false}, Admission::cut},
      {{.index = 0, .current = 0, .key = false}, Admission::append},
      {{.index = 1, .current = 0}, Admission::cut},
      {{.index = 5, .current = 0}, Admission::cut},
      {{.index = 1, .current = 0, .key = false}, Admission::no_key_frame},
      {{.index = 0, .current = 1, .key = false}, Admission::out_of_order},
      {{.index = 1, .current = -1, .first = 2}, Admission::skip},
      {{.index = 2, .current = -1, .first = 2}, Admission::cut},
      {{.index = 2, .current = -1, .first = 2, .key = false}, Admission::no_key_frame},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(admit(c.arrival), c.expected) << c.arrival.index << " in " << c.arrival.current;
}

}  // namespace
}  // namespace rostrum
