// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/finished_film.h"

#include "mp4_part.h"

#include <gtest/gtest.h>

using namespace rostrum;

namespace {

// Three chunks of a part of a job, 4 s at 25 frames a second, with sound in two units of 2 s.
const ChunkList kList{"job",
                      {{{1000, 1025}, "a"}, {{1025, 1075}, "b"}, {{1075, 1100}, "c"}},
                      {25, 1},
                      {960, 312, {{"x", 0, 100}, {"y", 100, 101}}}};

FinishedFilm film(const std::set<std::string>& done) { return {kList, done}; }

}  // namespace

TEST(FinishedFilm, HasChunksWhenTheirSoundIsThere) {
  const auto nothing = film({});
  EXPECT_EQ(nothing.length(), 4s);
  EXPECT_FALSE(nothing.has(0s));
  EXPECT_FALSE(film({"a"}).has(0s));
  EXPECT_TRUE(film({"a", "x"}).has(0s));
  // The second unit is heard from 1.9935 s on.
  EXPECT_FALSE(film({"b", "x"}).has(1s));
  EXPECT_TRUE(film({"b", "x", "y"}).has(1s));
  EXPECT_TRUE(film({"c", "y"}).has(3s));
  EXPECT_FALSE(FinishedFilm{}.has(0s));
}

TEST(FinishedFilm, IsPlayedUpToWhatIsMissing) {
  const auto some = film({"a", "c", "x", "y"});
  EXPECT_EQ(some.end_of_run(0s), 1s);
  EXPECT_EQ(some.end_of_run(1s - 1ns), 1s);
  EXPECT_EQ(some.end_of_run(1s), 1s);
  EXPECT_EQ(some.end_of_run(3s), 4s);
  EXPECT_EQ(some.end_of_run(4s), 4s);
  EXPECT_EQ(film({"a", "b", "c", "x", "y"}).end_of_run(500ms), 4s);
  EXPECT_EQ(FinishedFilm{}.end_of_run(0s), 0s);
}

TEST(FinishedFilm, IsSoughtWhereItIsFinished) {
  const auto some = film({"a", "c", "x", "y"});
  EXPECT_EQ(some.nearest(500ms), 500ms);
  EXPECT_EQ(some.nearest(1300ms), 960ms);  // the last frame of the first chunk
  EXPECT_EQ(some.nearest(2500ms), 3s);
  EXPECT_EQ(some.nearest(1h), 3960ms);
  EXPECT_EQ(film({"b", "x", "y"}).nearest(0s), 1s);
  EXPECT_EQ(film({"x", "y"}).nearest(0s), std::nullopt);
}

TEST(FinishedFilm, NeedsAllOfASoundThatIsInOnePiece) {
  auto list = kList;
  list.sound.units = {{"copied", 0, -1}};
  EXPECT_FALSE((FinishedFilm{list, {"a", "b", "c"}}.has(3s)));
  EXPECT_TRUE((FinishedFilm{list, {"c", "copied"}}.has(3s)));
}

TEST(FinishedFilm, IsReadOfAFilmThatIsWhole) {
  auto pictures = mp4::picture(75);
  auto film = mp4::join({pictures}, {{mp4::movie_of(mp4::sound(141)), 0, -1}});
  ASSERT_TRUE(film) << film.error().message;
  const auto list = list_of_film(film->moov);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->chunks.front().frames.count(), 75);
  EXPECT_EQ(list->sound.packet, 1024);
}

// An index that speaks of samples which it does not list.
TEST(FinishedFilm, IsNotReadWhereTheSoundHasNoPackets) {
  auto film = mp4::join({mp4::picture(75)}, {{mp4::movie_of(mp4::sound(141)), 0, -1}});
  ASSERT_TRUE(film) << film.error().message;
  auto moov = film->moov;
  std::size_t emptied = 0;
  constexpr std::uint8_t kTable[] = {'s', 't', 's', 'z'};
  for (auto at = moov.begin(); at != moov.end(); ++emptied) {
    at = std::search(at, moov.end(), std::begin(kTable), std::end(kTable));
    if (at == moov.end()) break;
    at += 12;  // to the number of samples
    if (emptied == 1) std::fill_n(at, 4, std::uint8_t{0});
  }
  ASSERT_EQ(emptied, 2U);
  EXPECT_FALSE(list_of_film(moov));
}
