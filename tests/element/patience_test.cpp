// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/patience.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

namespace rostrum {
namespace {

const Patience::Clock::time_point kStart{100s};

TEST(Patience, IsNotOverBeforeItsLimit) {
  Patience patience{10s, kStart};
  EXPECT_EQ(patience.until(), kStart + 10s);
  EXPECT_FALSE(patience.over(kStart + 10s - 1ns));
}

TEST(Patience, IsOverAtItsLimitWhenAllOthersSleep) {
  std::latch done{1};
  const std::jthread sleeper{[&] { done.wait(); }};
  const auto begun = std::chrono::steady_clock::now();
  const auto is_over = [](Patience patience) { return patience.over(patience.until()); };
  // The thread may not have come to its wait yet.
  while (!is_over(Patience{10s, kStart}) && std::chrono::steady_clock::now() < begun + 30s)
    std::this_thread::yield();
  Patience patience{10s, kStart};
  EXPECT_TRUE(patience.over(kStart + 10s));
  EXPECT_TRUE(patience.over(kStart)) << "it does not come back";
  done.count_down();
}

TEST(Patience, LastsThreeTimesAsLongWhileAThreadWorks) {
  std::atomic<bool> stop{false};
  std::latch started{1};
  const std::jthread busy{[&] {
    started.count_down();
    while (!stop) continue;
  }};
  started.wait();
  Patience patience{10s, kStart};
  int looks = 0;
  while (!patience.over(patience.until())) ++looks;
  EXPECT_EQ(patience.until(), kStart + 30s);
  EXPECT_EQ(looks, 8) << "every quarter of the limit";
  stop = true;
}

}  // namespace
}  // namespace rostrum
