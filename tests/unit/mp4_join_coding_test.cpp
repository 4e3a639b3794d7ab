// SPDX-License-Identifier: LGPL-2.1-or-later
// Films of parts that are coded differently.
#include "mp4_part.h"

#include <gtest/gtest.h>

namespace rostrum::mp4 {
namespace {

// A part whose parameter sets are these bytes, with a picture to begin with at each third.
Part coded(std::size_t frames, std::uint8_t level, std::uint8_t set) {
  auto part = picture(frames);
  part.config = avc::Config{77, 0, level, {{0x67, set}}, {{0x68, set, set}}, {}};
  for (std::uint32_t n = 1; n <= frames; n += 3) part.sync.push_back(n);
  return part;
}

TEST(Mp4JoinCoding, PartsCodedDifferentlyCarryTheirParameters) {
  const auto film = join({coded(5, 30, 1), coded(4, 41, 2), coded(3, 20, 1)});
  ASSERT_TRUE(film) << film.error().message;
  ASSERT_EQ(film->parameters.size(), 3U);
  EXPECT_EQ(film->parameters[1], (Bytes{0, 0, 0, 2, 0x67, 2, 0, 0, 0, 3, 0x68, 2, 2}));
  const auto found = samples(*film);
  ASSERT_EQ(found.size(), 12U);
  std::uint64_t payload = kPayloadHeader;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto own = i < 5 ? i : i < 9 ? i - 5 : i - 9;
    EXPECT_EQ(found[i].sync, own % 3 == 0);
    EXPECT_EQ(found[i].size, 100 + own + (found[i].sync ? 13 : 0)) << i;
    EXPECT_EQ(found[i].offset, payload) << i;
    payload += found[i].size;
  }
  EXPECT_EQ(film->payload_size + kPayloadHeader, payload);
  std::vector<std::pair<std::size_t, std::uint64_t>> begun;
  for (const auto& extent : film->extents) {
    EXPECT_TRUE(extent.parameters);
    begun.emplace_back(extent.part, extent.offset);
  }
  EXPECT_EQ(begun, (decltype(begun){{0, 48}, {0, 351}, {1, 48}, {1, 351}, {2, 48}}));
}

TEST(Mp4JoinCoding, AFilmOfPartsCodedDifferentlySaysWhatItsDecoderNeeds) {
  const auto film = join({coded(5, 30, 1), coded(4, 41, 2)});
  ASSERT_TRUE(film);
  const auto stbl = find(
      film->moov, {fourcc("trak"), fourcc("mdia"), fourcc("minf"), fourcc("stbl"), fourcc("stsd")});
  ASSERT_TRUE(stbl);
  const auto entries = children(stbl->body.subspan(8));
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_EQ(entries->front().type, fourcc("avc3"));
  const auto box = find(entries->front().body.subspan(78), {fourcc("avcC")});
  ASSERT_TRUE(box);
  EXPECT_EQ(avc::parse_config(box->body)->level, 41);
  EXPECT_TRUE(join({coded(5, 30, 1), coded(4, 30, 1)})->parameters.empty());
}

// av1enc and vp9enc leave that to the file (ISO/IEC 14496-12, 12.1.5): BT.709, of limited range.
TEST(Mp4JoinCoding, AFilmSaysTheColoursThatItsStreamDoesNot) {
  constexpr std::uint8_t kColors[] = {'c', 'o', 'l', 'r', 'n', 'c', 'l', 'x', 0, 1, 0, 1, 0, 1, 0};
  for (const auto coding : {fourcc("av01"), fourcc("vp09")}) {
    auto part = picture(4);
    part.coding = coding;
    const auto film = join({part, part});
    ASSERT_TRUE(film) << film.error().message;
    EXPECT_FALSE(std::ranges::search(film->moov, kColors).empty());
  }
}

TEST(Mp4JoinCoding, PicturesOfOneRateMayHaveAnotherTimeScale) {
  auto other = picture(4);
  other.timescale = 5000;
  other.duration = 200;
  other.compositions = {400, 800, 200, 200};
  const auto film = join({picture(4), other});
  ASSERT_TRUE(film);
  EXPECT_EQ(shown(*film), counted(8));
}

}  // namespace
}  // namespace rostrum::mp4
