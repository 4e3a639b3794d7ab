// SPDX-License-Identifier: LGPL-2.1-or-later
// Packets that are played out of the files of chunks are those of the film, and so are their times.
#include "core/film_packets.h"

#include "core/finished_film.h"
#include "mp4_part.h"

#include <gtest/gtest.h>

using namespace rostrum;

namespace {

constexpr SoundList kAac{1024, 1024, {}};

// Three pictures, of which the second is decoded last.
mp4::Part reordered(std::size_t pictures) {
  auto part = mp4::picture(pictures);
  part.compositions.assign(pictures, 100);
  for (std::size_t i = 1; i + 1 < pictures; i += 2) {
    part.compositions[i] = 200;
    part.compositions[i + 1] = 0;
  }
  part.sync = {1};
  part.media_time = 100;
  return part;
}

void expect_same(const std::optional<std::vector<FilmPacket>>& a,
                 const std::optional<std::vector<FilmPacket>>& b) {
  ASSERT_TRUE(a && b);
  ASSERT_EQ(a->size(), b->size());
  for (std::size_t i = 0; i < a->size(); ++i) {
    EXPECT_EQ((*a)[i].time, (*b)[i].time) << i;
    EXPECT_EQ((*a)[i].duration, (*b)[i].duration) << i;
    EXPECT_EQ((*a)[i].size, (*b)[i].size) << i;
    EXPECT_EQ((*a)[i].sync, (*b)[i].sync) << i;
  }
}

}  // namespace

TEST(FilmPackets, OfChunksHaveTheTimesOfTheFilm) {
  const std::vector<mp4::Part> parts{reordered(5), mp4::picture(7), reordered(3)};
  const auto film = mp4::join(parts);
  ASSERT_TRUE(film);
  const FrameGrid grid{{25, 1}};
  std::int64_t first = 0;
  for (const auto& part : parts) {
    const FrameRange wanted{first, first + std::ssize(part.sizes)};
    const auto packets = picture_packets(mp4::movie_of(part), grid, first, wanted);
    expect_same(packets, picture_packets(film->moov, grid, 0, wanted));
    EXPECT_EQ(packets->front().time, grid.start(first));
    first = wanted.end;
  }
  EXPECT_EQ(picture_packets(film->moov, grid, 0, {first, first + 9}), std::nullopt);
}

TEST(FilmPackets, OfHeldPicturesLastUntilTheNext) {
  auto part = mp4::picture(4);
  part.durations = {100, 100, 2300, 100};
  const auto packets = picture_packets(mp4::movie_of(part), FrameGrid{{25, 1}}, 50, {50, 76});
  ASSERT_TRUE(packets);
  std::vector<Nanoseconds> times;
  for (const auto& packet : *packets) times.insert(times.end(), {packet.time, packet.duration});
  EXPECT_EQ(times, (std::vector<Nanoseconds>{2s, 40ms, 2040ms, 40ms, 2080ms, 920ms, 3s, 40ms}));
  EXPECT_EQ(shown_at(*packets, 2900ms), 2080ms);
  EXPECT_EQ(shown_at(*packets, 0s), 2s);
  EXPECT_EQ(next_after(*packets, 2080ms), 3s);
  EXPECT_EQ(next_after(*packets, 3s), std::nullopt);
  EXPECT_EQ(last_before(*packets, 3s), 2080ms);
  EXPECT_EQ(last_before(*packets, 2s), std::nullopt);
}

TEST(FilmPackets, AreDecodedFromTheLastEntry) {
  auto part = mp4::picture(10);
  part.sync = {1, 5, 9};
  const auto packets = picture_packets(mp4::movie_of(part), FrameGrid{{25, 1}}, 0, {0, 10});
  ASSERT_TRUE(packets);
  EXPECT_EQ(entry_of(*packets, 0ms, false), 0U);
  EXPECT_EQ(entry_of(*packets, 159ms, false), 0U);
  EXPECT_EQ(entry_of(*packets, 160ms, false), 4U);
  EXPECT_EQ(entry_of(*packets, 1h, false), 8U);
}

TEST(FilmPackets, OfSoundAreCountedFromThePriming) {
  const auto first = sound_packets(mp4::movie_of(mp4::sound(52)), kAac, {0, 0, 50});
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 50U);
  EXPECT_EQ(first->front().time, packet_time(kAac, 0));
  EXPECT_LT(first->front().time, 0s);
  EXPECT_EQ((*first)[1].time, 0s);
  EXPECT_EQ(first->back().end(), packet_time(kAac, 50));
  EXPECT_EQ(sound_packets(mp4::movie_of(mp4::sound(52)), kAac, {0, 3, 50}), std::nullopt);
  EXPECT_EQ(packet_time(kAac, 46876), 1000s);
}

TEST(FilmPackets, OfSoundComeWithWhatPrimesTheDecoder) {
  const auto second = sound_packets(mp4::movie_of(mp4::sound(60)), kAac, {50, 4, 50});
  ASSERT_TRUE(second);
  ASSERT_EQ(second->size(), 54U);
  EXPECT_EQ((*second)[4].time, packet_time(kAac, 50));
  EXPECT_EQ(entry_of(*second, packet_time(kAac, 50), true), 0U);
  EXPECT_EQ(entry_of(*second, packet_time(kAac, 60), true), 9U);
}

TEST(FilmPackets, OfSoundAreHeardToTheSample) {
  // A packet that sounds across 30 s, before and after a stop there.
  const auto begin = packet_time(kAac, 1407);
  const auto before = heard_within({0s, 30s}, begin, 1024, 48000);
  const auto after = heard_within({30s, Nanoseconds::max()}, begin, 1024, 48000);
  EXPECT_EQ(before, (HeardSamples{0, 1440000 - 1406 * 1024}));
  EXPECT_EQ(after, (HeardSamples{before.keep, 1024 - before.keep}));
  EXPECT_EQ(heard_within({0s, 30s}, packet_time(kAac, 0), 1024, 48000), (HeardSamples{1024, 0}));
  EXPECT_EQ(heard_within({0s, 30s}, 31s, 1024, 48000), (HeardSamples{0, 0}));
}

TEST(FilmPackets, AreListedOfAWholeFilm) {
  const mp4::JoinPart sound{mp4::movie_of(mp4::sound(20)), 0, -1};
  const auto film = mp4::join({reordered(5), reordered(5)}, {sound});
  ASSERT_TRUE(film);
  const auto list = list_of_film(film->moov);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->rate, (Fraction{25, 1}));
  ASSERT_EQ(list->chunks.size(), 1U);
  EXPECT_EQ(list->chunks.front().frames, (FrameRange{0, 10}));
  EXPECT_EQ(list->sound.packet, 1024);
  EXPECT_EQ(list->sound.units.size(), 1U);
  EXPECT_EQ(list_of_film(mp4::movie_of(mp4::sound(3))), std::nullopt);
}
