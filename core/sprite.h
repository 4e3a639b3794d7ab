// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture that is blended into many frames: all that does not depend on the frame is done once.
#pragma once

#include "core/bt709.h"

#include <cstdint>
#include <vector>

namespace rostrum {

// Planes of BT.709, limited range, premultiplied by alpha; chroma has half the size.
struct Sprite {
  Rect rect;                         // of the frame; even
  std::vector<std::uint8_t> y;       // rect.width x rect.height
  std::vector<std::uint8_t> y_keep;  // what is left of the frame: 255 - alpha
  std::vector<std::uint8_t> u;
  std::vector<std::uint8_t> v;
  std::vector<std::uint8_t> uv_keep;
};

// From premultiplied sRGB pixels (0xAARRGGBB, `stride` pixels apart).
Sprite make_sprite(const std::uint32_t* pixels, std::ptrdiff_t stride, Rect rect);

// `frame`: the planes of a frame of this even size.  What lies outside it is cut off.  Changes
// nothing outside sprite.rect, nor where the picture is transparent.
void blend(const Sprite& sprite, const I420Planes& frame, Size size);

}  // namespace rostrum
