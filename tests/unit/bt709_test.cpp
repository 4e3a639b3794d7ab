// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/bt709.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace rostrum {
namespace {

struct Frame {
  std::vector<int> y, u, v;
};

Frame convert(const std::vector<std::uint32_t>& pixels, Size size) {
  const int half = (size.width + 1) / 2;
  const auto luma = static_cast<std::size_t>(size.width * size.height);
  const auto chroma = static_cast<std::size_t>(half * ((size.height + 1) / 2));
  std::vector<std::uint8_t> y(luma);
  std::vector<std::uint8_t> u(chroma);
  std::vector<std::uint8_t> v(chroma);
  srgb_to_i420(pixels.data(), size.width, size, {y.data(), u.data(), v.data(), size.width, half});
  return {{y.begin(), y.end()}, {u.begin(), u.end()}, {v.begin(), v.end()}};
}

TEST(Bt709, RoundsEveryColourToTheNearest) {
  for (int r = 0; r < 256; r += 15)
    for (int g = 0; g < 256; g += 15)
      for (int b = 0; b < 256; b += 15) {
        const auto frame = convert({static_cast<std::uint32_t>(r << 16 | g << 8 | b)}, {1, 1});
        const double luma = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
        EXPECT_NEAR(frame.y[0], 16 + 219 * luma, 0.51);
        EXPECT_NEAR(frame.u[0], 128 + 224 * (b / 255.0 - luma) / 1.8556, 0.51);
        EXPECT_NEAR(frame.v[0], 128 + 224 * (r / 255.0 - luma) / 1.5748, 0.51);
      }
}

TEST(Bt709, GreyHasNoTint) {
  for (std::uint32_t grey = 0; grey < 256; ++grey) {
    const auto frame = convert({grey * 0x010101}, {1, 1});
    EXPECT_EQ(frame.u[0], 128) << grey;
    EXPECT_EQ(frame.v[0], 128) << grey;
  }
}

TEST(Bt709, SitesChromaOnEvenPixelsAndStaysInsideOddSizes) {
  const std::uint32_t w = 0xffffff;
  const std::uint32_t red = 0xff0000;
  const auto frame = convert({w, w, w, red, w,  //
                              w, w, w, red, w,  //
                              w, w, w, w, red},
                             {5, 3});
  EXPECT_EQ(frame.v, (std::vector<int>{128, 156, 156, 128, 128, 212}));
}

}  // namespace
}  // namespace rostrum
