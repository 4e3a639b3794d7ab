// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/encoder_profiles.h"

#include <gtest/gtest.h>

namespace rostrum {
namespace {

constexpr char kPlain[] =
    R"({"encoder": "a", "element": "aenc", "codec": "h264", "profiles": {"fast": {"speed": 3}}})";

std::vector<VideoEncoder> with(std::initializer_list<const char*> files) {
  std::vector<VideoEncoder> encoders;
  for (const auto* file : files) EXPECT_EQ(add_encoder(file, encoders), Problems{});
  return encoders;
}

std::vector<std::string> names(const std::vector<VideoEncoder>& encoders) {
  std::vector<std::string> found;
  for (const auto& encoder : encoders) found.push_back(encoder.name);
  return found;
}

// The pointers of what is wrong, in order.
std::vector<std::string> wrong(const char* json) {
  std::vector<VideoEncoder> encoders;
  std::vector<std::string> pointers;
  for (const auto& problem : add_encoder(json, encoders)) pointers.push_back(problem.pointer);
  EXPECT_TRUE(encoders.empty());
  return pointers;
}

TEST(EncoderProfiles, AreReadInOrderWithValuesOfEveryType) {
  const auto encoders = with({R"({"encoder": "a", "element": "aenc", "codec": "h264",
      "library": "liba", "device": "/dev/null", "input": "NV12", "caps": {"profile": "high"},
      "profiles": {"p": {"z": 1, "y": true, "x": 0.5, "w": "one two", "v": ["p4", "hq"]}}})"});
  ASSERT_EQ(encoders.size(), 1U);
  const auto& a = encoders.front();
  EXPECT_EQ(a.element, "aenc");
  EXPECT_EQ(a.library, "liba");
  EXPECT_TRUE(needs_device(a));
  EXPECT_EQ(a.input, "NV12");
  EXPECT_EQ(a.caps.at("profile"), "high");
  EXPECT_EQ(
      a.profiles.at("p"),
      (EncoderSettings{
          {"z", {"1"}}, {"y", {"true"}}, {"x", {"0.5"}}, {"w", {"one two"}}, {"v", {"p4", "hq"}}}));
}

TEST(EncoderProfiles, ANewEncoderWithADeviceIsTriedFirstAnotherLast) {
  const auto encoders = with(
      {kPlain, R"({"encoder": "b", "element": "b", "codec": "h264", "profiles": {"fast": {}}})",
       R"({"encoder": "c", "element": "c", "codec": "h264", "device": "/dev/x", "profiles": {"fast": {}}})"});
  EXPECT_EQ(names(encoders), (std::vector<std::string>{"c", "a", "b"}));
}

TEST(EncoderProfiles, AFileAddsToAnEncoderThatIsKnown) {
  const auto encoders = with({kPlain, R"({"encoder": "a", "profiles": {"slow": {"speed": 0}}})",
                              R"({"encoder": "a", "profiles": {"fast": {"speed": 9}}})"});
  ASSERT_EQ(names(encoders), std::vector<std::string>{"a"});
  EXPECT_EQ(encoders.front().element, "aenc");
  EXPECT_EQ(profile_names(encoders), (std::vector<std::string>{"fast", "slow"}));
  EXPECT_EQ(encoders.front().profiles.at("fast"), (EncoderSettings{{"speed", {"9"}}}));
}

TEST(EncoderProfiles, AllThatIsWrongIsSaidAtOnce) {
  EXPECT_EQ(wrong("nonsense"), std::vector<std::string>{""});
  EXPECT_EQ(wrong("{}"), (std::vector<std::string>{"", "", "", ""}));
  EXPECT_EQ(wrong(R"({"encoder": "auto", "element": "x ! y", "codec": "mpeg7", "device": "x",
                      "caps": {"profile": "a,b"}, "profiles": {"a b": {}, "c": 1}, "speed": 1})"),
            (std::vector<std::string>{"/encoder", "/element", "/codec", "/device", "/caps/profile",
                                      "/profiles/a b", "/profiles/c", "/speed"}));
  EXPECT_EQ(wrong(R"({"encoder": "a", "element": "a", "codec": "h264",
                      "profiles": {"p": {"x y": 1, "n": null, "l": [], "o": [1, {}]}}})"),
            (std::vector<std::string>{"/profiles/p/x y", "/profiles/p/n", "/profiles/p/l",
                                      "/profiles/p/o"}));
}

TEST(EncoderProfiles, WhatIsWrongChangesNothing) {
  auto encoders = with({kPlain});
  EXPECT_FALSE(add_encoder(R"({"encoder": "a", "element": "x", "profiles": {"fast": 1}})", encoders)
                   .empty());
  EXPECT_EQ(encoders.front().element, "aenc");
  EXPECT_EQ(find_encoder(encoders, "b"), nullptr);
}

}  // namespace
}  // namespace rostrum
