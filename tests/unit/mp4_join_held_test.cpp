// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that are held for longer than a frame keep their times in the film.
#include "core/mp4_fragmented.h"

#include "mp4_part.h"

#include <gtest/gtest.h>

namespace rostrum::mp4 {
namespace {

using Frames = std::vector<std::int64_t>;

constexpr std::int64_t kFrame = 100;  // of the time scale 2500

Frames still(std::int64_t length) {
  Frames frames{0, 1, 2};
  for (std::int64_t n = 25; n < length - 3; n += 25) frames.push_back(n);
  for (auto n = length - 3; n < length; ++n) frames.push_back(n);
  return frames;
}

// The order in which the frames are decoded: each third one before the two that it follows.
std::vector<std::size_t> with_b_frames(std::size_t count) {
  std::vector<std::size_t> order{0};
  for (std::size_t next = 1; next < count; next += 3) {
    const auto last = std::min(next + 2, count - 1);
    order.push_back(last);
    for (auto n = next; n < last; ++n) order.push_back(n);
  }
  return order;
}

// As an encoder gives them that reorders them by at most two: each is decoded when the one is shown
// that comes two before it.
Part part_of(const Frames& frames, const std::vector<std::size_t>& order, std::int64_t ahead) {
  auto part = picture(frames.size());
  const auto decoded = [&](std::size_t i) {
    const auto k = static_cast<std::int64_t>(i);
    return k < ahead ? k : frames[i - static_cast<std::size_t>(ahead)] + ahead;
  };
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto end = i + 1 < order.size() ? decoded(i + 1) : frames.back() + 1;
    part.durations.push_back(
        static_cast<std::uint32_t>(std::max<std::int64_t>(0, end - decoded(i)) * kFrame));
    part.compositions.push_back(
        static_cast<std::int32_t>((frames[order[i]] + ahead - decoded(i)) * kFrame));
  }
  part.sync = {1};
  part.media_time = ahead * kFrame;
  return part;
}

struct Held {
  Part part;
  Frames frames;  // empty: one each
  std::int64_t length;
};

Held held(std::int64_t length) {
  const auto frames = still(length);
  return {part_of(frames, with_b_frames(frames.size()), 2), frames, length};
}

Held constant(std::int64_t length, std::int64_t ahead = 2) {
  const auto frames = counted(length);
  return {part_of(frames, with_b_frames(frames.size()), ahead), {}, length};
}

Result<JoinedMovie> join_held(const std::vector<Held>& parts,
                              const std::vector<JoinPart>& sounds = {}) {
  std::vector<JoinPart> pictures;
  for (const auto& p : parts) pictures.push_back({movie_of(p.part), 0, -1, p.frames});
  return join_movies(pictures, sounds);
}

void expect_exact(const std::vector<Held>& parts) {
  const auto film = join_held(parts, {{movie_of(sound(3000)), 0, -1}});
  ASSERT_TRUE(film) << film.error().message;
  Frames expected;
  std::int64_t first = 0;
  for (const auto& p : parts) {
    for (const auto n : p.frames.empty() ? counted(p.length) : p.frames)
      expected.push_back(first + n);
    first += p.length;
  }
  const auto track = track_of(*film);
  Frames shown;
  std::int64_t before = -1;
  for (const auto& s : samples(*film)) {
    EXPECT_GT(static_cast<std::int64_t>(s.start), before);
    before = static_cast<std::int64_t>(s.start);
    EXPECT_GE(s.composition, 0);
    const auto time = before + s.composition - track.edits.front().media_time;
    EXPECT_EQ(time % kFrame, 0);
    shown.push_back(time / kFrame);
  }
  std::sort(shown.begin(), shown.end());
  EXPECT_EQ(shown, expected);
  EXPECT_EQ(track.duration, static_cast<std::uint64_t>(first * kFrame));
  EXPECT_EQ(track.edits.front().duration, static_cast<std::uint64_t>(first * 40));  // in ms
}

TEST(Mp4JoinHeld, EveryPictureComesWithItsFrame) {
  expect_exact({held(1500)});
  expect_exact({held(1500), held(250)});
  expect_exact({constant(50), held(1500), constant(75)});
  expect_exact({held(300), constant(4), held(251)});
  expect_exact({held(6), held(7), constant(1)});
}

TEST(Mp4JoinHeld, AnotherDelayOfAPartMovesNoPicture) {
  expect_exact({constant(50, 3), held(1500), constant(50)});
  expect_exact({held(1500), constant(50, 4)});
}

TEST(Mp4JoinHeld, OtherPicturesThanPlannedAreAnError) {
  auto fewer = held(1500);
  fewer.frames.pop_back();
  EXPECT_FALSE(join_held({fewer}));
  auto elsewhere = held(1500);
  elsewhere.frames[5] += 1;
  const auto film = join_held({elsewhere});
  ASSERT_FALSE(film);
  EXPECT_EQ(film.error().kind, Kind::media);
  EXPECT_NE(film.error().message.find("other frames"), std::string::npos);
}

TEST(Mp4JoinHeld, FragmentsEndWithTheirFrames) {
  auto again = held(1500);
  again.part.sync = {1, 20};
  const auto film = join_held({constant(50), again});
  ASSERT_TRUE(film);
  const auto times = fragment_times(film->moov, std::chrono::seconds{1});
  ASSERT_TRUE(times);
  ASSERT_EQ(times->size(), 3U);
  EXPECT_EQ((*times)[1], std::chrono::seconds{2});
  const auto movie = fragment_movie(film->moov, {fourcc("vide")}, *times);
  ASSERT_TRUE(movie);
  EXPECT_EQ(movie->fragments.back().shown.to, std::chrono::seconds{62});
}

}  // namespace
}  // namespace rostrum::mp4
