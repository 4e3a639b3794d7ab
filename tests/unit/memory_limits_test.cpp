// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/memory_limits.h"

#include <gtest/gtest.h>

using namespace rostrum;

namespace {

constexpr std::int64_t kGiB = 1LL << 30;
constexpr Size kHd{1280, 720};

}  // namespace

TEST(MemoryLimits, AWorkerGetsRoomForItsCanvas) {
  const auto hd = memory_limits(64 * kGiB, kHd);
  EXPECT_GT(hd.worker, 3 * kGiB / 2);
  EXPECT_LT(hd.worker, 2 * kGiB);
  EXPECT_GT(memory_limits(64 * kGiB, {7680, 4320}).worker, 8 * kGiB);
}

TEST(MemoryLimits, NoWorkerGetsMoreThanAllTogether) {
  const auto small = memory_limits(kGiB, kHd);
  EXPECT_EQ(small.all, 3 * kGiB / 4);
  EXPECT_EQ(small.worker, small.all);
}

TEST(MemoryLimits, AMachineThatDoesNotSayWhatItHasSetsNoLimitToAll) {
  EXPECT_GT(memory_limits(0, kHd).all, 1000 * kGiB);
  EXPECT_EQ(memory_limits(0, kHd).worker, memory_limits(64 * kGiB, kHd).worker);
}

TEST(MemoryLimits, TheAddressSpaceLeavesMoreThanTheResidentLimit) {
  for (const Size canvas : {kHd, Size{3840, 2160}, Size{16384, 16384}})
    EXPECT_GT(address_space_limit(canvas), memory_limits(0, canvas).worker + 2 * kGiB);
}

TEST(MemoryLimits, EachFurtherPipelineOfAWorkerGetsAddresses) {
  EXPECT_EQ(address_space_limit(kHd, 1), address_space_limit(kHd));
  EXPECT_EQ(address_space_limit(kHd, 0), address_space_limit(kHd)) << "cores that nobody counted";
  EXPECT_EQ(address_space_limit(kHd, 4), address_space_limit(kHd) + 3 * kGiB);
}

TEST(MemoryLimits, TheLargestWorkerOverItsLimitHasToGo) {
  const MemoryLimits limits{100, 150};
  EXPECT_FALSE(find_excess({}, limits));
  EXPECT_FALSE(find_excess({100}, limits));
  EXPECT_FALSE(find_excess({50, 100}, limits));
  const auto excess = find_excess({10, 101, 200, 102}, limits);
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->worker, 2U);
  EXPECT_FALSE(excess->of_all);
}

TEST(MemoryLimits, TooManyAtOnceCostTheLargest) {
  const auto excess = find_excess({60, 70, 30}, {100, 150});
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->worker, 1U);
  EXPECT_TRUE(excess->of_all);
}

TEST(MemoryLimits, OneAloneIsNeverTooMany) {
  EXPECT_FALSE(find_excess({160}, {170, 150}));
  EXPECT_FALSE(find_excess({0, 160}, {170, 150}));
}
