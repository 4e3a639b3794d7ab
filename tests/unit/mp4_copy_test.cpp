// SPDX-License-Identifier: LGPL-2.1-or-later
// Some of a medium's coded pictures as a file of their own.
#include "core/mp4_copy.h"

#include <gtest/gtest.h>

namespace rostrum::mp4 {
namespace {

// Pictures of 40 ms in a time scale that is no multiple of their rate, in groups of four that are
// decoded 0 3 1 2.
CodedTrack coded_track(std::size_t groups) {
  CodedTrack track;
  track.config = {77, 0, 30, {{0x67, 1}}, {{0x68, 1}}, {}};
  track.header.timescale = 1000;
  const std::int32_t ahead[] = {40, 120, 0, 0};  // shown minus decoded, and the delay
  for (std::size_t i = 0; i < 4 * groups; ++i)
    track.samples.push_back({1000 + 10 * i, 10, 40 * i, 40, ahead[i % 4], i % 4 == 0});
  return track;
}

TEST(Mp4Copy, TimesAreThoseOfTheEditList) {
  auto track = coded_track(2);
  track.header.edits = {{0, 40, 0x10000}};
  const auto times = shown_times(track, 600);
  ASSERT_TRUE(times);
  EXPECT_EQ(*times, (std::vector<Nanoseconds>{0ms, 120ms, 40ms, 80ms, 160ms, 280ms, 200ms, 240ms}));
  track.header.edits = {{300, -1, 0x10000}, {60, 80, 0x10000}};  // 0.5 s later, 0.1 s from 40 ms on
  const auto part = shown_times(track, 600);
  ASSERT_TRUE(part);
  EXPECT_EQ((*part)[0], kNoTime);
  EXPECT_EQ((*part)[1], 580ms);
  EXPECT_EQ((*part)[2], 500ms);
  EXPECT_EQ((*part)[4], kNoTime);
}

TEST(Mp4Copy, TimesThatAreNotCertainAreNone) {
  auto track = coded_track(1);
  track.header.edits = {{60, 0, 0x10000}, {60, 80, 0x10000}};
  EXPECT_FALSE(shown_times(track, 600)) << "two stretches";
  track.header.edits = {{60, 0, 0x20000}};
  EXPECT_FALSE(shown_times(track, 600)) << "twice as fast";
  track.header.edits = {};
  EXPECT_TRUE(shown_times(track, 600));
  track.samples[2].composition = -40;
  EXPECT_FALSE(shown_times(track, 600)) << "shown before it is decoded";
}

TEST(Mp4Copy, ThePicturesStandOnTheFilmsFrames) {
  const auto film =
      copy_samples(coded_track(5), {.first = 4, .count = 11, .rate = {25, 1}, .size = {640, 360}});
  const auto movie = read_movie(film.moov);
  ASSERT_TRUE(movie);
  ASSERT_EQ(movie->tracks.size(), 1U);
  const auto& track = movie->tracks[0];
  EXPECT_EQ(track.samples, 11U);
  EXPECT_EQ(track.duration * 25, 11U * track.timescale);
  const auto found = samples_of(film.moov, track.id, 100);
  ASSERT_TRUE(found);
  const std::int64_t order[] = {0, 3, 1, 2, 4, 7, 5, 6, 8, 10, 9};
  for (std::size_t i = 0; i < 11; ++i) {
    const auto& s = (*found)[i];
    EXPECT_EQ((static_cast<std::int64_t>(s.start) + s.composition - track.edits[0].media_time) /
                  s.duration,
              order[i]);
    EXPECT_EQ(s.sync, i % 4 == 0);
    EXPECT_GE(s.composition, 0);
  }
  ASSERT_EQ(film.extents.size(), 1U);
  EXPECT_EQ(film.extents[0], (Extent{false, 0, 1040, 110}));
}

TEST(Mp4Copy, TheFileCanBeReadAgain) {
  const auto film =
      copy_samples(coded_track(3), {.first = 0, .count = 12, .rate = {25, 1}, .size = {640, 360}});
  const auto track = read_coded_track(film.moov);
  ASSERT_TRUE(track) << track.error().message;
  EXPECT_EQ(track->samples.size(), 12U);
  EXPECT_EQ(track->config, coded_track(1).config);
  EXPECT_EQ(first_time(film.moov), 0ms);
}

}  // namespace
}  // namespace rostrum::mp4
