// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/chunk_list.h"

#include "core/render_pace.h"

#include <gtest/gtest.h>

using namespace rostrum;

TEST(ChunkList, IsReadAsItWasWritten) {
  const ChunkList list{"digest",
                       {{{0, 100}, "aa"}, {{100, 250}, "bb"}},
                       {30000, 1001},
                       {960, 312, {{"cc", 0, 3000}, {"dd", 100, -1}}}};
  EXPECT_EQ(parse_chunk_list(chunk_list_json(list)), list);
  for (const char* text : {"", "{", "[]", R"({"job":"a"})", R"({"job":"a","chunks":[{}]})",
                           R"({"job":"a","rate":[0,1],"chunks":[],)"
                           R"("sound":{"packet":1024,"priming":0,"units":[]}})"})
    EXPECT_EQ(parse_chunk_list(text), ChunkList{}) << text;
}

TEST(ChunkList, ChunksHaveTheStateOfWhatWasListed) {
  const ChunkList list{"digest", {{{0, 100}, "aa"}, {{100, 250}, "bb"}, {{250, 300}, "cc"}}};
  using enum ChunkState;
  EXPECT_EQ(chunk_states({{0, 100}, {100, 250}, {250, 300}}, list, {"aa"}, {"bb", "aa"}),
            (std::vector{done, working, waiting}));
  // Cut otherwise since, and longer.
  EXPECT_EQ(chunk_states({{0, 130}, {130, 400}}, list, {"aa", "cc"}, {}),
            (std::vector{done, done}));
  EXPECT_EQ(chunk_states({{300, 400}}, list, {"aa"}, {}), (std::vector{waiting}));
}

TEST(RenderPace, IsThatOfTheLastMinute) {
  RenderPace pace;
  EXPECT_EQ(pace.speed(9s), std::nullopt);
  pace.add(10s, 0s);
  EXPECT_EQ(pace.speed(10s), std::nullopt);
  pace.add(15s, 30s);
  EXPECT_DOUBLE_EQ(pace.speed(15s).value(), 6);
  EXPECT_EQ(pace.left(15s, 60s), 5s);
  pace.add(25s, 30s);  // nothing has been finished meanwhile
  EXPECT_DOUBLE_EQ(pace.speed(25s).value(), 2);
  for (int i = 1; i <= 40; ++i) pace.add(15s + i * 5s, 30s + i * 5s);
  EXPECT_NEAR(pace.speed(215s).value(), 1, 1e-9);
}

TEST(RenderPace, AnotherRenderBeginsAnew) {
  RenderPace pace;
  pace.add(0s, 0s);
  pace.add(1s, 30s);
  pace.add(2s, 10s);
  EXPECT_EQ(pace.speed(2s), std::nullopt);
  EXPECT_EQ(pace.left(2s, 60s), std::nullopt);
}
