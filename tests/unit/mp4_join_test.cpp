// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_join.h"

#include "mp4_part.h"

#include <gtest/gtest.h>

namespace rostrum::mp4 {
namespace {

TEST(Mp4Join, EverySampleOfEveryPartIsThereOnce) {
  auto second = picture(7);
  second.offset = 5000;
  const auto film = join({picture(10), second, picture(3)});
  ASSERT_TRUE(film);
  const auto found = samples(*film);
  ASSERT_EQ(found.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    const std::size_t part = i < 10 ? 0 : i < 17 ? 1 : 2;
    const auto own = i - (part == 0 ? 0 : part == 1 ? 10 : 17);
    const auto place = (part == 1 ? 5000 : 48) + 100 * own + own * (own - 1) / 2;
    EXPECT_EQ(found[i].size, 100 + own);
    EXPECT_EQ(found[i].start, 100 * i);
    EXPECT_EQ(origin(*film, false, found[i].offset), (std::pair{part, std::uint64_t{place}})) << i;
  }
  EXPECT_EQ(track_of(*film).duration, 2000U);
  EXPECT_EQ(film->payload_size, 1045U + 721U + 303U);
  EXPECT_EQ(film->extents.size(), 3U);  // each part is copied in one go
}

TEST(Mp4Join, BFramesKeepTheirOrder) {
  auto part = picture(4);
  part.compositions = {200, 500, 200, 100};  // shown: 2 6 4 4 -> frames 0 4 2 2 is no order
  part.compositions = {200, 400, 100, 100};  // decoded 0 1 2 3, shown 2 5 3 4
  part.media_time = 200;
  part.sync = {1};
  const auto film = join({part, part});
  ASSERT_TRUE(film);
  EXPECT_EQ(shown(*film), counted(8));
  const auto found = samples(*film);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(found[i].composition, part.compositions[i % 4]);
    EXPECT_EQ(found[i].sync, i % 4 == 0);
  }
  EXPECT_EQ(track_of(*film).edits.front().media_time, 200);
}

// An encoder that has seen fewer frames than it may reorder does not delay them.
TEST(Mp4Join, PartsOfAnotherDelayAreShownOnTheirFrames) {
  auto delayed = picture(4);
  delayed.compositions = {200, 400, 100, 100};
  delayed.media_time = 200;
  for (const auto& parts :
       {std::vector{delayed, picture(1)}, {picture(2), delayed}, {delayed, picture(1), delayed}}) {
    const auto film = join(parts);
    ASSERT_TRUE(film);
    EXPECT_EQ(shown(*film), counted(static_cast<std::int64_t>(samples(*film).size())));
    for (const auto& s : samples(*film)) EXPECT_GE(s.composition, 0);
  }
}

TEST(Mp4Join, SoundIsInterleavedByTheSecond) {
  const auto film = join({picture(60)}, {{movie_of(sound(120)), 0, -1}});
  ASSERT_TRUE(film);
  const auto frames = samples(*film, 1);
  const auto packets = samples(*film, 2);
  ASSERT_EQ(frames.size(), 60U);
  ASSERT_EQ(packets.size(), 120U);
  const auto begins = [](const Sample& s, std::uint32_t timescale) { return s.start / timescale; };
  for (const auto& f : frames)
    for (const auto& p : packets) {
      const auto picture_second = begins(f, 2500);
      const auto sound_second = begins(p, 48000);
      if (picture_second != sound_second) {
        EXPECT_EQ(f.offset < p.offset, picture_second < sound_second);
      } else {
        EXPECT_LT(f.offset, p.offset);
      }
    }
  std::vector<bool> kinds;
  for (const auto& extent : film->extents) kinds.push_back(extent.sound);
  EXPECT_EQ(kinds, (std::vector<bool>{false, true, false, true, false, true}));
}

TEST(Mp4Join, OnlyTheKeptPacketsOfSoundAreTaken) {
  const auto film =
      join({picture(50)}, {{movie_of(sound(60)), 0, 56}, {movie_of(sound(60)), 4, 39}});
  ASSERT_TRUE(film);
  const auto packets = samples(*film, 2);
  ASSERT_EQ(packets.size(), 95U);
  EXPECT_EQ(origin(*film, true, packets[55].offset),
            (std::pair<std::size_t, std::uint64_t>{0, 598}));
  EXPECT_EQ(origin(*film, true, packets[56].offset),
            (std::pair<std::size_t, std::uint64_t>{1, 88}));
  EXPECT_EQ(origin(*film, true, packets[94].offset),
            (std::pair<std::size_t, std::uint64_t>{1, 468}));
}

TEST(Mp4Join, SoundAloneIsAFilm) {
  const auto film = join({}, {{movie_of(sound(60)), 0, -1}});
  ASSERT_TRUE(film);
  EXPECT_EQ(samples(*film, 1).size(), 60U);
  EXPECT_FALSE(join({}));
}

TEST(Mp4Join, TooFewSamplesAreAnError) {
  for (const auto& [skip, keep] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {0, 61}, {60, 1}, {61, -1}, {61, 0}, {-1, 5}, {5, INT64_MAX}}) {
    const auto film = join({picture(50)}, {{movie_of(sound(60)), skip, keep}});
    ASSERT_FALSE(film) << skip << " " << keep;
    EXPECT_EQ(film.error().kind, Kind::media);
    EXPECT_NE(film.error().message.find("shorter"), std::string::npos);
  }
}

TEST(Mp4Join, AnotherSampleDescriptionIsAnErrorButBitratesMayDiffer) {
  auto other = picture(5);
  other.bitrate = 77;
  EXPECT_TRUE(join({picture(5), other}));
  other.description = "avc1 of another kind";
  const auto film = join({picture(5), picture(5), other});
  ASSERT_FALSE(film);
  EXPECT_EQ(film.error().kind, Kind::media);
  EXPECT_NE(film.error().message.find("chunk 2 of the picture"), std::string::npos);
  auto louder = sound(5);
  louder.bitrate = 77;
  EXPECT_TRUE(join({picture(5)}, {{movie_of(sound(5)), 0, -1}, {movie_of(louder), 0, -1}}));
  louder.description = "another";
  EXPECT_FALSE(join({picture(5)}, {{movie_of(sound(5)), 0, -1}, {movie_of(louder), 0, -1}}));
}

TEST(Mp4Join, AnotherTimeScaleIsAnError) {
  auto other = picture(5);
  other.timescale = 3000;
  EXPECT_FALSE(join({picture(5), other}));
  other.duration = 0;
  EXPECT_FALSE(join({other}));
}

TEST(Mp4Join, OffsetsBeyondFourGigabytesAreWide) {
  auto big = picture(50);
  big.sizes.assign(50, 100'000'000);
  big.offset = 0x1'0000'0000;
  const auto film = join({big, big});
  ASSERT_TRUE(film);
  const auto found = samples(*film);
  ASSERT_EQ(found.size(), 100U);
  EXPECT_EQ(found.back().offset, kPayloadHeader + 99 * 100'000'000ULL);
  EXPECT_EQ(origin(*film, false, found[0].offset),
            (std::pair<std::size_t, std::uint64_t>{0, 0x1'0000'0000}));
  EXPECT_EQ(film->payload_size, 10'000'000'000U);
}

TEST(Mp4Join, ATruncatedMovieBoxIsAnErrorAtEveryLength) {
  const auto whole = movie_of(picture(3));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut{whole.begin(), whole.begin() + static_cast<long>(size)};
    EXPECT_FALSE(join_movies({{whole, 0, -1}, {cut, 0, -1}}, {})) << size;
  }
}

TEST(Mp4Join, GarbageIsAnErrorOrAFilmButNoCrash) {
  auto part = picture(3);
  part.compositions = {200, 300, 100};
  part.sync = {1};
  const auto whole = movie_of(part);
  const auto tone = movie_of(sound(3));
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int value : {0, 0x7f, 0xff}) {
      auto bad = whole;
      bad[at] = static_cast<std::uint8_t>(value);
      if (const auto film = join_movies({{bad, 0, -1}, {whole, 0, -1}}, {})) {
        EXPECT_GE(samples(*film).size(), 4U) << at;
      }
    }
  for (std::size_t at = 0; at < tone.size(); ++at) {
    auto bad = tone;
    bad[at] ^= 0xff;
    static_cast<void>(join_movies({}, {{bad, 0, -1}, {tone, 1, 2}}));
  }
}

}  // namespace
}  // namespace rostrum::mp4
