// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/mp4_turn.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace rostrum::mp4 {
namespace {

using Directions = std::array<double, 4>;  // a, b, c, d

void write_matrix(Writer& w, const Directions& m) {
  const auto fixed = [&w](double v) {
    w.u32(static_cast<std::uint32_t>(static_cast<std::int32_t>(v * 65536)));
  };
  fixed(m[0]), fixed(m[1]), w.u32(0), fixed(m[2]), fixed(m[3]), w.u32(0);
  w.u32(77 << 16), w.u32(0), w.u32(1 << 30);
}

void write_track(Writer& w, int version, FourCc handler, const Directions& m) {
  w.box(fourcc("trak"), [&] {
    w.full_box(fourcc("tkhd"), version, 7, [&] {
      w.zeros(version == 1 ? 48 : 36);
      write_matrix(w, m);
      w.u64(0);
    });
    w.box(fourcc("mdia"), [&] {
      w.full_box(fourcc("hdlr"), 0, 0, [&] { w.u32(0), w.u32(handler), w.zeros(13); });
    });
  });
}

Bytes movie(int version, const Directions& whole, const Directions& track) {
  Writer w;
  w.full_box(fourcc("mvhd"), version, 0, [&] {
    w.zeros(version == 1 ? 44 : 32);
    write_matrix(w, whole);
    w.zeros(28);
  });
  write_track(w, version, fourcc("soun"), {0, 1, 1, 0});
  write_track(w, version, fourcc("vide"), track);
  return w.release();
}

constexpr Directions kUpright{1, 0, 0, 1};

TEST(PictureTurn, IsThatOfTheTrackOfPictures) {
  for (const int version : {0, 1})
    for (const auto& m : std::vector<Directions>{{1, 0, 0, 1},
                                                 {0, 1, -1, 0},
                                                 {-1, 0, 0, -1},
                                                 {0, -1, 1, 0},
                                                 {-1, 0, 0, 1},
                                                 {0, 1, 1, 0}}) {
      const auto turn = picture_turn(movie(version, kUpright, m));
      ASSERT_TRUE(turn) << version;
      EXPECT_EQ(*turn, (Turn{static_cast<int>(m[0]), static_cast<int>(m[1]), static_cast<int>(m[2]),
                             static_cast<int>(m[3])}));
    }
}

TEST(PictureTurn, DoesNotDependOnScale) {
  EXPECT_EQ(picture_turn(movie(0, {1.655, 0, 0, 1.654}, kUpright)), (Turn{1, 0, 0, 1}));
  EXPECT_EQ(picture_turn(movie(0, {0.5, 0, 0, 0.5}, {0, 2, -2, 0})), (Turn{0, 1, -1, 0}));
}

TEST(PictureTurn, OfTrackAndMovieAddUp) {
  const Directions quarter{0, 1, -1, 0};
  EXPECT_EQ(picture_turn(movie(0, quarter, quarter)), (Turn{-1, 0, 0, -1}));
}

TEST(PictureTurn, OfAMovieThatDoesNotSayIsNothing) {
  EXPECT_FALSE(picture_turn(View{}));
  EXPECT_FALSE(picture_turn(movie(0, kUpright, {0, 0, 0, 0})));
  auto cut = movie(0, kUpright, kUpright);
  cut.resize(cut.size() - 40);
  EXPECT_FALSE(picture_turn(cut));
}

}  // namespace
}  // namespace rostrum::mp4
