// SPDX-License-Identifier: LGPL-2.1-or-later
// H.264 in MP4: configurations and units.
#include "core/avc.h"

#include <gtest/gtest.h>

namespace rostrum::avc {
namespace {

Config config_of_profile(std::uint8_t profile, std::uint8_t level) {
  Config config{profile, 0x40, level, {{0x67, profile, 0x40, level}}, {{0x68, 0xce}}, {}};
  if (profile >= 100) config.rest = {0xfd, 0xf8, 0xf8, 0};
  return config;
}

// Units, each with its length before it.
Bytes sample_of(const std::vector<Bytes>& units) {
  mp4::Writer out;
  for (const auto& unit : units) {
    out.u32(unit.size());
    out.raw(unit);
  }
  return out.release();
}

TEST(Avc, AConfigurationIsReadAsItIsWritten) {
  for (const int profile : {66, 77, 100}) {
    const auto config = config_of_profile(static_cast<std::uint8_t>(profile), 31);
    const auto bytes = write_config(config);
    EXPECT_EQ(parse_config(bytes), config);
    EXPECT_EQ(parameter_units(config), sample_of({config.sequence[0], config.picture[0]}));
    const auto sets_end = bytes.size() - config.rest.size();
    for (std::size_t size = 0; size < sets_end; ++size)
      EXPECT_FALSE(parse_config(View{bytes}.first(size))) << size;
  }
  auto short_lengths = write_config(config_of_profile(66, 31));
  short_lengths[4] = 0xfd;  // of two bytes
  EXPECT_FALSE(parse_config(short_lengths));
}

TEST(Avc, OneDecoderIsAskedForThatDecodesAll) {
  const auto low = config_of_profile(66, 40);
  const auto high = config_of_profile(100, 31);
  for (const auto& all : {std::vector{low, high}, {high, low}}) {
    const auto common = common_config(all);
    EXPECT_EQ(common.profile, 100);
    EXPECT_EQ(common.level, 40);
    EXPECT_EQ(common.rest.size(), 4U);
    EXPECT_EQ(common.sequence, all.front().sequence);
  }
  EXPECT_EQ(common_config({low, config_of_profile(77, 30)}).profile, 77);
  EXPECT_TRUE(common_config({low, config_of_profile(77, 30)}).rest.empty());
}

TEST(Avc, WhatIsWrongWithAPictureIsSeen) {
  const auto config = config_of_profile(100, 31);
  const Bytes slice{0x41, 0x9a, 0x00, 0x00, 0x03, 0x01, 0xff};
  const Bytes idr{0x65, 0x88, 0x84, 0x00, 0x10};
  const Bytes delimiter{0x09, 0xf0};
  const auto why = [&](const std::vector<Bytes>& units, bool first = false) {
    return damage(sample_of(units), config, first);
  };
  EXPECT_EQ(why({slice}), "");
  EXPECT_EQ(why({delimiter, config.sequence[0], config.picture[0], idr, idr}, true), "");
  EXPECT_EQ(why({slice}, true), "it does not begin anew where it should");
  EXPECT_EQ(why({delimiter}), "it holds no picture");
  EXPECT_EQ(why({}), "it holds no picture");
  EXPECT_EQ(why({{}, slice}), "a unit of it is none of H.264");
  EXPECT_EQ(why({{0xc1, 0x9a}}), "a unit of it is none of H.264");
  EXPECT_EQ(why({{0x67, 100, 0x40, 30}, idr}), "its parameters change");
  EXPECT_EQ(why({{0x68, 0xcd}, idr}), "its parameters change");
  EXPECT_EQ(why({{0x62, 0x01}}), "a unit of it is of an unusual type");
  for (const std::uint8_t third : {0, 1, 2})
    EXPECT_EQ(why({{0x41, 0x9a, 0x00, 0x00, third, 0x12}}), "a unit of it is broken") << +third;
}

TEST(Avc, LengthsThatDoNotAddUpAreSeenAtEveryCut) {
  const auto config = config_of_profile(100, 31);
  const auto whole = sample_of({{0x09, 0xf0}, {0x41, 0x9a, 0x12, 0x34}});
  EXPECT_EQ(damage(whole, config, false), "");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(damage(View{whole}.first(size), config, false), "") << size;
  EXPECT_NE(damage(Bytes(64, 0), config, false), "") << "a hole in the file";
}

}  // namespace
}  // namespace rostrum::avc
