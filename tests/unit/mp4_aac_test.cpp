// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_aac.h"

#include "core/mp4_sound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace rostrum::mp4 {
namespace {

constexpr std::uint64_t kFirst = 1000;  // offset of the first packet

struct Medium {
  Bytes config = {0x11, 0x88};  // AAC-LC, 48 kHz, one channel
  int channels = 1;
  int rate = 48000;
  std::uint32_t timescale = 48000;
  std::uint32_t duration = 1024;
  std::uint32_t last_duration = 500;
  std::uint64_t skipped = 1024;
  std::vector<std::uint32_t> sizes = std::vector<std::uint32_t>(100, 10);
};

// The body of its movie box.
Bytes movie_of(const Medium& m) {
  const auto box = sound_movie({.entry = aac_entry(m.config, m.channels, m.rate),
                                .timescale = m.timescale,
                                .duration = m.duration,
                                .last_duration = m.last_duration,
                                .sizes = m.sizes,
                                .skipped = m.skipped},
                               kFirst);
  return {box.begin() + 8, box.end()};
}

std::optional<AacTrack> find(const Medium& m, std::uint64_t file_size = 1'000'000) {
  return AacTrack::find(movie_of(m), file_size);
}

TEST(AacTrack, SaysWhereItsPacketsAre) {
  Medium m;
  for (std::size_t i = 0; i < m.sizes.size(); ++i) m.sizes[i] = static_cast<std::uint32_t>(i + 1);
  const auto track = find(m);
  ASSERT_TRUE(track);
  EXPECT_EQ(track->rate(), 48000);
  EXPECT_EQ(track->channels(), 1);
  EXPECT_EQ(track->packets(), 100U);
  EXPECT_EQ(track->size(7), 8U);
  const auto run = track->run_from(7, 20);
  EXPECT_EQ(run.offset, kFirst + 28);
  EXPECT_EQ(run.count, 2U);  // of 8 and 9 bytes
  EXPECT_EQ(run.bytes, 17U);
  EXPECT_EQ(track->run_from(99, 1).count, 1U);
}

TEST(AacTrack, SaysWhenTheyAreHeard) {
  const auto track = find({});
  ASSERT_TRUE(track);
  EXPECT_EQ(track->heard().from, 21'333'333ns);
  EXPECT_EQ(track->heard().at, 0ns);
  EXPECT_EQ(track->start(3), 64ms);
  EXPECT_EQ(track->packet_at(64ms), 3U);
  EXPECT_EQ(track->packet_at(64ms - 1ns), 2U);
  EXPECT_EQ(track->packet_at(track->start(4)), 4U);
  EXPECT_EQ(track->packet_at(1h), 99U);
}

TEST(AacTrack, TimesNeedNotBeThoseOfTheSamples) {
  const auto track = find({.timescale = 1000, .duration = 20, .last_duration = 500, .skipped = 0});
  ASSERT_TRUE(track);
  EXPECT_EQ(track->start(99), 1980ms);
  EXPECT_EQ(track->start(100), 2480ms);
  EXPECT_EQ(track->packet_at(1979ms), 98U);
  EXPECT_EQ(track->packet_at(2400ms), 99U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(track->packet_at(track->start(i)), i);
}

TEST(AacTrack, IsNothingElse) {
  EXPECT_TRUE(find({.config = {0x11, 0x88, 0x56, 0xe5, 0x00}}));   // said not to be more
  EXPECT_FALSE(find({.config = {0x11, 0x88, 0x56, 0xe5, 0x80}}));  // SBR
  EXPECT_FALSE(find({.config = {0x2b, 0x11, 0x88, 0x00}}));        // HE-AAC
  EXPECT_FALSE(find({.config = {0x11, 0x8c}}));                    // packets of 960 samples
  EXPECT_FALSE(find({.config = {0x11, 0xb0}, .channels = 6}));
  EXPECT_FALSE(find({.config = {0x11}}));
  EXPECT_FALSE(find({.sizes = {10, 0, 10}}));
  EXPECT_FALSE(find({.sizes = {}}));
}

TEST(AacTrack, LiesWithinItsFile) {
  EXPECT_TRUE(find({}, kFirst + 1000));
  EXPECT_FALSE(find({}, kFirst + 999));
}

TEST(AacTrack, IsNotFoundWhereAPlayerKnowsOfPadding) {
  auto movie = movie_of({});
  Writer more;
  more.box(fourcc("udta"), [&] { more.text("----iTunSMPB"); });
  movie.insert(movie.end(), more.bytes().begin(), more.bytes().end());
  EXPECT_FALSE(AacTrack::find(movie, 1'000'000));
}

// Whatever byte is wrong, what is found lies within the file.
TEST(AacTrack, OfDamagedIndexesStaysWithinTheFile) {
  const auto movie = movie_of({});
  for (std::size_t i = 0; i < movie.size(); ++i)
    for (const std::uint8_t change : {0x01, 0x80, 0xff}) {
      auto damaged = movie;
      damaged[i] ^= change;
      const auto track = AacTrack::find(damaged, 100'000);
      if (!track) continue;
      const auto run = track->run_from(track->packets() - 1, 1 << 20);
      EXPECT_LE(run.offset + run.bytes, 100'000U);
      EXPECT_LE(track->heard().from, track->heard().to);
    }
}

}  // namespace
}  // namespace rostrum::mp4
