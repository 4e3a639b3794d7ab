// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/local_request.h"

#include <gtest/gtest.h>

using namespace rostrum;

namespace {

std::optional<std::string_view> asked(std::string_view path, std::string_view host,
                                      std::optional<std::string_view> origin = {}) {
  return asked_path({host, origin, path}, "c0ffee", 8411);
}

}  // namespace

TEST(LocalRequest, TheOwnPageGetsWhatFollowsTheToken) {
  EXPECT_EQ(asked("/c0ffee/", "127.0.0.1:8411"), "/");
  EXPECT_EQ(asked("/c0ffee/data", "localhost:8411"), "/data");
  EXPECT_EQ(asked("/c0ffee/data", "127.0.0.1:8411", "http://127.0.0.1:8411"), "/data");
  EXPECT_EQ(asked("/c0ffee/data", "127.0.0.1:8411", "http://localhost:8411"), "/data");
  EXPECT_EQ(asked("/c0ffee/../secret", "127.0.0.1:8411"), "/../secret");  // is none of the pages
}

TEST(LocalRequest, AnotherTokenIsRefused) {
  for (const auto path :
       {"/", "", "c0ffee/", "/c0ffee", "/c0ffe/", "/c0ffeee/", "/C0FFEE/", "//", "/data/c0ffee/"})
    EXPECT_EQ(asked(path, "127.0.0.1:8411"), std::nullopt) << path;
  EXPECT_FALSE(is_token("", ""));
}

TEST(LocalRequest, AnotherHostIsRefused) {
  for (const auto host : {"", "127.0.0.1", "127.0.0.1:80", "evil.example:8411", "127.0.0.1:84110",
                          "127.0.0.1.evil.example:8411", "[::1]:8411"})
    EXPECT_EQ(asked("/c0ffee/", host), std::nullopt) << host;
}

TEST(LocalRequest, BrowsersLeaveOutThePortOfHttp) {
  EXPECT_EQ(asked_path({"127.0.0.1", "http://localhost", "/c0ffee/"}, "c0ffee", 80), "/");
  EXPECT_EQ(asked_path({"localhost:80", "http://localhost:80", "/c0ffee/"}, "c0ffee", 80), "/");
}

TEST(LocalRequest, AnotherOriginIsRefused) {
  for (const auto origin : {"", "null", "http://evil.example", "https://127.0.0.1:8411",
                            "http://127.0.0.1", "http://127.0.0.1:8412", "127.0.0.1:8411"})
    EXPECT_EQ(asked("/c0ffee/", "127.0.0.1:8411", origin), std::nullopt) << origin;
}
