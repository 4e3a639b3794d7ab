// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/sprite.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace rostrum {

namespace {

constexpr std::size_t kBlock = 16;  // pixels: one register

// frame = picture + frame * keep / 255, to the nearest.
std::uint8_t blended(std::uint8_t picture, std::uint8_t frame, std::uint8_t keep) {
  const auto product = static_cast<std::uint16_t>(frame * keep + 128);
  const auto rest = static_cast<std::uint16_t>((product + (product >> 8)) >> 8);
  return static_cast<std::uint8_t>(picture + rest);
}

// In blocks of a fixed length, which compilers turn into vector instructions.
void blend_row(const std::uint8_t* picture, const std::uint8_t* keep, std::uint8_t* frame,
               std::size_t width) {
  using Block = std::array<std::uint8_t, kBlock>;
  std::size_t x = 0;
  for (; x + kBlock <= width; x += kBlock) {
    Block p;
    Block k;
    Block f;
    std::memcpy(p.data(), picture + x, kBlock);
    std::memcpy(k.data(), keep + x, kBlock);
    std::memcpy(f.data(), frame + x, kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) f[i] = blended(p[i], f[i], k[i]);
    std::memcpy(frame + x, f.data(), kBlock);
  }
  for (; x < width; ++x) frame[x] = blended(picture[x], frame[x], keep[x]);
}

// One plane of a sprite.
struct Layer {
  const std::vector<std::uint8_t>& picture;
  const std::vector<std::uint8_t>& keep;
  Rect rect;  // of the frame's plane
};

void blend_plane(const Layer& layer, std::uint8_t* frame, std::ptrdiff_t stride, Size size) {
  const auto& r = layer.rect;
  const int left = std::max(r.x, 0);
  const int right = std::min(r.x + r.width, size.width);
  if (right <= left) return;
  for (int y = std::max(r.y, 0); y < std::min(r.y + r.height, size.height); ++y) {
    const auto at = std::ptrdiff_t{y - r.y} * r.width + (left - r.x);
    blend_row(layer.picture.data() + at, layer.keep.data() + at, frame + y * stride + left,
              static_cast<std::size_t>(right - left));
  }
}

}  // namespace

Sprite make_sprite(const std::uint32_t* pixels, std::ptrdiff_t stride, Rect rect) {
  Sprite s;
  s.rect = rect;
  for (int y = 0; y < rect.height; ++y)
    for (int x = 0; x < rect.width; ++x) {
      const auto luma = premultiplied_luma(pixels[y * stride + x]);
      s.y.push_back(luma.value);
      s.y_keep.push_back(luma.keep);
    }
  for (int y = 0; y + 1 < rect.height; y += 2)
    for (int x = 0; x + 1 < rect.width; x += 2) {
      const auto* upper = pixels + y * stride;
      const auto chroma = premultiplied_chroma(upper, upper + stride, x);
      s.u.push_back(chroma.u);
      s.v.push_back(chroma.v);
      s.uv_keep.push_back(chroma.keep);
    }
  return s;
}

void blend(const Sprite& s, const I420Planes& frame, Size size) {
  const auto [x, y, width, height] = s.rect;
  blend_plane({s.y, s.y_keep, s.rect}, frame.y, frame.y_stride, size);
  const Rect half{x / 2, y / 2, width / 2, height / 2};
  const Size chroma{size.width / 2, size.height / 2};
  blend_plane({s.u, s.uv_keep, half}, frame.u, frame.uv_stride, chroma);
  blend_plane({s.v, s.uv_keep, half}, frame.v, frame.uv_stride, chroma);
}

}  // namespace rostrum
