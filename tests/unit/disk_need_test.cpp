// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/disk_need.h"

#include <gtest/gtest.h>

using namespace rostrum;

TEST(DiskNeed, OneDiskHoldsTheChunksAndTheFilm) {
  const auto needs = disk_needs({"/work", "/out", true}, 100, 0);
  ASSERT_EQ(needs.size(), 1U);
  EXPECT_EQ(needs[0].folder, "/out");
  EXPECT_EQ(needs[0].bytes, 200);
}

TEST(DiskNeed, TwoDisksHoldOneOfThemEach) {
  const auto needs = disk_needs({"/work", "/out", false}, 100, 0);
  ASSERT_EQ(needs.size(), 2U);
  EXPECT_EQ(needs[0].folder, "/work");
  EXPECT_EQ(needs[0].bytes, 100);
  EXPECT_EQ(needs[1].folder, "/out");
  EXPECT_EQ(needs[1].bytes, 100);
}

TEST(DiskNeed, OtherContainersAreWholeFilms) {
  EXPECT_EQ(disk_needs({"/work", "/out", true, 2, 1}, 100, 0)[0].bytes, 500);
  const auto needs = disk_needs({"/work", "/out", false, 2, 1}, 100, 0);
  EXPECT_EQ(needs[0].bytes, 200);
  EXPECT_EQ(needs[1].bytes, 300);
}

TEST(DiskNeed, ChunksThatAreThereNeedNoMoreRoom) {
  EXPECT_EQ(disk_needs({"/work", "/out", true, 0, 0, 0.25}, 100, 0)[0].bytes, 200);
  EXPECT_EQ(disk_needs({"/work", "/out", false, 0, 0, 0.25}, 100, 0)[0].bytes, 125);
  EXPECT_EQ(disk_needs({"/work", "/out", true}, 100, 30)[0].bytes, 170);
  EXPECT_EQ(disk_needs({"/work", "/out", false}, 100, 30)[0].bytes, 70);
  EXPECT_EQ(disk_needs({"/work", "/out", false}, 100, 130)[0].bytes, 0);
}
