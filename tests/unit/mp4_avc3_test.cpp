// SPDX-License-Identifier: LGPL-2.1-or-later
// Chunks of several encoders as one film.
#include "core/mp4_avc3.h"

#include "core/mp4_join.h"
#include "core/mp4_movie.h"
#include "mp4_parts.h"

#include <gtest/gtest.h>

using namespace std::string_literals;

namespace rostrum::mp4 {
namespace {

// AVCDecoderConfigurationRecord: one sequence parameter set, one picture parameter set.
std::string config(char level, const std::string& sps, const std::string& pps) {
  const auto set = [](const std::string& bytes) {
    return '\0' + std::string(1, static_cast<char>(bytes.size())) + bytes;
  };
  return "\x01\x64\x00"s + level + "\xff\xe1"s + set(sps) + '\x01' + set(pps);
}

Part coded(std::size_t frames, const std::string& description) {
  auto part = picture(frames);
  part.sync = {1, 3};
  part.description = description;
  return part;
}

std::string text_of(View bytes) { return {bytes.begin(), bytes.end()}; }

const auto kFirst = config(30, "SPS", "P");
const auto kOther = config(40, "sequence", "P2");

Result<JoinedMovie> join(const std::vector<Part>& parts) {
  std::vector<JoinPart> pictures;
  for (const auto& part : parts) pictures.push_back({movie_of(part), 0, -1});
  return join_movies(pictures, {});
}

// The film's bytes as they would be copied: what is put before, and "[part:offset+size]".
std::string payload(const JoinedMovie& film) {
  std::string text;
  for (const auto& e : film.extents)
    text += text_of(e.before) + "[" + std::to_string(e.part) + ":" + std::to_string(e.offset) +
            "+" + std::to_string(e.size) + "]";
  return text;
}

Box description_of(const JoinedMovie& film) {
  return *find(film.moov,
               {fourcc("trak"), fourcc("mdia"), fourcc("minf"), fourcc("stbl"), fourcc("stsd")});
}

TEST(Mp4Avc3, ParameterSetsStandBeforeEachKeyFrameOfTheirPart) {
  const auto film = join({coded(4, kFirst), coded(3, kOther)});
  ASSERT_TRUE(film) << film.error().message;
  const auto first = "\0\0\0\x03SPS\0\0\0\x01P"s;
  const auto other = "\0\0\0\x08sequence\0\0\0\x02P2"s;
  EXPECT_EQ(payload(*film), first + "[0:48+201]" + first + "[0:249+205]" + other + "[1:48+201]" +
                                other + "[1:249+102]");
  EXPECT_EQ(film->payload_size, 406U + 303U + 2 * first.size() + 2 * other.size());
}

TEST(Mp4Avc3, TheIndexCountsThem) {
  const auto film = join({coded(4, kFirst), coded(3, kOther)});
  const auto found = samples_of(film->moov, 1, 100).value();
  std::vector<std::uint32_t> sizes;
  std::uint64_t next = kPayloadHeader;
  for (const auto& sample : found) {
    sizes.push_back(sample.size);
    EXPECT_EQ(sample.offset, next);
    next += sample.size;
  }
  EXPECT_EQ(sizes, (std::vector<std::uint32_t>{112, 101, 114, 103, 118, 101, 120}));
}

TEST(Mp4Avc3, TheDescriptionSaysSoAndHasTheHighestLevel) {
  const auto film = join({coded(4, kFirst), coded(3, kOther)});
  const auto stsd = text_of(description_of(*film).whole);
  EXPECT_NE(stsd.find("avc3"), std::string::npos);
  EXPECT_EQ(stsd.find("avc1"), std::string::npos);
  EXPECT_NE(stsd.find(config(40, "SPS", "P")), std::string::npos);
}

TEST(Mp4Avc3, FilmsOfOneEncoderStayAvc1) {
  const auto film = join({coded(4, kFirst), coded(3, kFirst)});
  EXPECT_NE(text_of(description_of(*film).whole).find("avc1"), std::string::npos);
  EXPECT_EQ(payload(*film), "[0:48+406][1:48+303]");
}

TEST(Mp4Avc3, WhatIsDamagedIsRefused) {
  for (std::size_t size = 0; size < kOther.size(); ++size)
    EXPECT_FALSE(join({coded(4, kFirst), coded(3, kOther.substr(0, size))})) << size;
  auto two_bytes = kOther;
  two_bytes[4] = '\xfd';
  EXPECT_FALSE(join({coded(4, kFirst), coded(3, two_bytes)}));
}

}  // namespace
}  // namespace rostrum::mp4
