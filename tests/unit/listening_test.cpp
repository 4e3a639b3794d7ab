// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/listening.h"

#include <gtest/gtest.h>

using namespace rostrum;

TEST(ListeningJob, ArrivesAsItWasSent) {
  const Listening all{.loudness = true,
                      .high_pass = 79.99999999999,
                      .mono = true,
                      .equal_channels = true,
                      .clock = {.off = -3'000'000, .times_right = true},
                      .parts = {{{0ns, 1s}, {7s + 1ns, 8s}}}};
  const Listening nothing{.parts = std::vector<Interval>{}};
  const ListeningJob job{{{3h, all}, {1ns, {}}, {2s, nothing}}};
  EXPECT_EQ(parse_listening_job(listening_job_json(job)), job);
  EXPECT_EQ(parse_listening_job(listening_job_json({})), ListeningJob{});
}

TEST(ListeningJob, IsNoOtherText) {
  for (const auto* text :
       {"", "{}", "[]", R"({"media":[{}]})", R"({"media":3})", R"({"media":[{"duration":"1"}]})"})
    EXPECT_FALSE(parse_listening_job(text)) << text;
}
