// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/bt709.h"

#include <algorithm>

namespace rostrum {

namespace {

constexpr int kBits = 16;  // of the coefficients' fraction

// Full range to limited; each row of the chroma sums to 0, that of luma to 219/255.
struct Row {
  int r;
  int g;
  int b;
};
constexpr Row kY{11966, 40254, 4064};
constexpr Row kU{-6596, -22188, 28784};
constexpr Row kV{28784, -26145, -2639};

struct Sum {
  int r = 0;
  int g = 0;
  int b = 0;

  void add(std::uint32_t pixel, int weight) {
    r += static_cast<int>(pixel >> 16 & 0xff) * weight;
    g += static_cast<int>(pixel >> 8 & 0xff) * weight;
    b += static_cast<int>(pixel & 0xff) * weight;
  }
};

// `weight_bits`: the sum holds 2^weight_bits pixels.
std::uint8_t component(const Sum& sum, Row row, int offset, int weight_bits) {
  const int bits = kBits + weight_bits;
  const int value = sum.r * row.r + sum.g * row.g + sum.b * row.b;
  return static_cast<std::uint8_t>((value + (offset << bits) + (1 << (bits - 1))) >> bits);
}

void luma_row(const std::uint32_t* pixels, int width, std::uint8_t* out) {
  for (int x = 0; x < width; ++x) {
    Sum sum;
    sum.add(pixels[x], 1);
    out[x] = component(sum, kY, 16, 0);
  }
}

void chroma_row(const std::uint32_t* upper, const std::uint32_t* lower, int width, std::uint8_t* u,
                std::uint8_t* v) {
  for (int x = 0; x < width; x += 2) {
    const int left = std::max(x - 1, 0);
    const int right = std::min(x + 1, width - 1);
    Sum sum;
    for (const auto* row : {upper, lower}) {
      sum.add(row[left], 1);
      sum.add(row[x], 2);
      sum.add(row[right], 1);
    }
    u[x / 2] = component(sum, kU, 128, 3);
    v[x / 2] = component(sum, kV, 128, 3);
  }
}

// The same of a premultiplied sum of pixels whose alphas add up to `alpha`.
std::uint8_t premultiplied(const Sum& sum, Row row, int offset, int alpha, int weight_bits) {
  const std::int64_t color =
      std::int64_t{sum.r} * row.r + std::int64_t{sum.g} * row.g + std::int64_t{sum.b} * row.b;
  const auto scale = std::int64_t{1} << (kBits + weight_bits);
  const auto value = color + (std::int64_t{offset} << kBits) * alpha / 255;
  return static_cast<std::uint8_t>((value + scale / 2) / scale);
}

}  // namespace

void srgb_to_i420(const std::uint32_t* pixels, std::ptrdiff_t stride, Size size,
                  const I420Planes& out) {
  for (int y = 0; y < size.height; ++y)
    luma_row(pixels + y * stride, size.width, out.y + y * out.y_stride);
  for (int y = 0; y < size.height; y += 2) {
    const int below = std::min(y + 1, size.height - 1);
    chroma_row(pixels + y * stride, pixels + below * stride, size.width,
               out.u + y / 2 * out.uv_stride, out.v + y / 2 * out.uv_stride);
  }
}

PremultipliedLuma premultiplied_luma(std::uint32_t pixel) {
  Sum sum;
  sum.add(pixel, 1);
  const int alpha = static_cast<int>(pixel >> 24);
  return {premultiplied(sum, kY, 16, alpha, 0), static_cast<std::uint8_t>(255 - alpha)};
}

PremultipliedChroma premultiplied_chroma(const std::uint32_t* upper, const std::uint32_t* lower,
                                         int x) {
  Sum sum;
  int alpha = 0;
  for (const auto* row : {upper, lower})
    for (const int dx : {-1, 0, 1}) {
      if (x + dx < 0) continue;
      const int weight = dx == 0 ? 2 : 1;
      sum.add(row[x + dx], weight);
      alpha += static_cast<int>(row[x + dx] >> 24) * weight;
    }
  return {premultiplied(sum, kU, 128, alpha, 3), premultiplied(sum, kV, 128, alpha, 3),
          static_cast<std::uint8_t>(255 - (alpha + 4) / 8)};
}

}  // namespace rostrum
