// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sprite.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rostrum {
namespace {

struct Frame {
  Size size;
  std::vector<std::uint8_t> y, u, v;

  Frame(Size s, int luma, int blue, int red)
      : size{s},
        y(static_cast<std::size_t>(s.width * s.height), static_cast<std::uint8_t>(luma)),
        u(y.size() / 4, static_cast<std::uint8_t>(blue)),
        v(y.size() / 4, static_cast<std::uint8_t>(red)) {}

  I420Planes planes() { return {y.data(), u.data(), v.data(), size.width, size.width / 2}; }
};

std::vector<std::uint32_t> plain(Rect rect, std::uint32_t pixel) {
  return std::vector<std::uint32_t>(static_cast<std::size_t>(rect.width * rect.height), pixel);
}

std::uint32_t premultiply(std::uint32_t color, std::uint32_t alpha) {
  std::uint32_t pixel = alpha << 24;
  for (const int shift : {16, 8, 0})
    pixel |= ((color >> shift & 0xff) * alpha + 127) / 255 << shift;
  return pixel;
}

TEST(Sprite, OpaqueIsThePictureItself) {
  const Rect rect{2, 4, 40, 6};
  std::vector<std::uint32_t> pixels;
  for (std::uint32_t i = 0; i < 240; ++i)
    pixels.push_back(0xff000000U | (i * 0x03070bU & 0xffffff));
  Frame frame{{64, 16}, 50, 60, 70};
  blend(make_sprite(pixels.data(), 40, rect), frame.planes(), frame.size);
  Frame expected{{40, 6}, 0, 0, 0};
  srgb_to_i420(pixels.data(), 40, {40, 6}, expected.planes());
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 40; ++x)
      EXPECT_EQ(frame.y[static_cast<std::size_t>((y + 4) * 64 + x + 2)],
                expected.y[static_cast<std::size_t>(y * 40 + x)]);
  for (int y = 0; y < 3; ++y)
    for (int x = 1; x < 20; ++x)  // at the left edge chroma is shared with the frame
      EXPECT_EQ(frame.u[static_cast<std::size_t>((y + 2) * 32 + x + 1)],
                expected.u[static_cast<std::size_t>(y * 20 + x)]);
}

TEST(Sprite, ChangesNothingOutsideItsRectangleNorWhereItIsTransparent) {
  const Rect rect{6, 2, 18, 4};
  Frame frame{{32, 8}, 235, 10, 250};
  const auto before = frame;
  blend(make_sprite(plain(rect, 0).data(), 18, rect), frame.planes(), frame.size);
  EXPECT_EQ(frame.y, before.y);
  EXPECT_EQ(frame.u, before.u);
  EXPECT_EQ(frame.v, before.v);
  blend(make_sprite(plain(rect, 0xffffffffU).data(), 18, rect), frame.planes(), frame.size);
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 32; ++x) {
      const bool inside = x >= 6 && x < 24 && y >= 2 && y < 6;
      const int at = y * 32 + x;
      const int half = y / 2 * 16 + x / 2;
      if (inside) {
        EXPECT_EQ(frame.y[static_cast<std::size_t>(at)], 235);
        continue;
      }
      EXPECT_EQ(frame.y[static_cast<std::size_t>(at)], before.y[static_cast<std::size_t>(at)]);
      EXPECT_EQ(frame.u[static_cast<std::size_t>(half)], before.u[static_cast<std::size_t>(half)]);
      EXPECT_EQ(frame.v[static_cast<std::size_t>(half)], before.v[static_cast<std::size_t>(half)]);
    }
}

TEST(Sprite, IsCutOffAtTheEdgesOfTheFrame) {
  const Size size{32, 8};
  const struct {
    Rect rect;
    Rect seen;
  } table[] = {{{-6, -2, 20, 6}, {0, 0, 14, 4}},
               {{20, 6, 40, 6}, {20, 6, 12, 2}},
               {{-4, 2, 40, 4}, {0, 2, 32, 4}},
               {{10, -4, 6, 40}, {10, 0, 6, 8}},
               {{-20, 0, 20, 8}, {}},
               {{32, 0, 4, 8}, {}},
               {{0, -4, 32, 4}, {}},
               {{0, 8, 32, 4}, {}}};
  for (const auto& [rect, seen] : table) {
    // the planes end where the frame does, so that a sanitizer sees a byte beside them
    Frame frame{size, 16, 100, 100};
    blend(make_sprite(plain(rect, 0xffffffffU).data(), rect.width, rect), frame.planes(), size);
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        const bool inside =
            x >= seen.x && x < seen.x + seen.width && y >= seen.y && y < seen.y + seen.height;
        EXPECT_EQ(frame.y[static_cast<std::size_t>(y * 32 + x)], inside ? 235 : 16)
            << x << "," << y;
        if (x % 2 == 0 && y % 2 == 0 && !inside) {
          EXPECT_EQ(frame.u[static_cast<std::size_t>(y / 2 * 16 + x / 2)], 100) << x << "," << y;
        }
      }
  }
}

TEST(Sprite, MixesByItsAlphaToTheNearest) {
  const Rect rect{0, 0, 4, 2};
  for (const std::uint32_t color : {0x000000U, 0xffffffU, 0xff0000U, 0x12c8f0U})
    for (const std::uint32_t alpha : {1U, 64U, 128U, 153U, 254U, 255U})
      for (const int under : {16, 128, 235, 255}) {
        Frame opaque{{4, 2}, 0, 0, 0};
        const auto full = plain(rect, 0xff000000U | color);
        srgb_to_i420(full.data(), 4, {4, 2}, opaque.planes());
        Frame frame{{4, 2}, under, under, under};
        const auto pixels = plain(rect, premultiply(color, alpha));
        blend(make_sprite(pixels.data(), 4, rect), frame.planes(), frame.size);
        const auto mixed = [&](int over) {
          return under + (over - under) * static_cast<int>(alpha) / 255.0;
        };
        EXPECT_NEAR(frame.y[1], mixed(opaque.y[1]), 1.6);
        EXPECT_NEAR(frame.u[1], mixed(opaque.u[1]), 1.6);
        EXPECT_NEAR(frame.v[1], mixed(opaque.v[1]), 1.6);
      }
}

}  // namespace
}  // namespace rostrum
