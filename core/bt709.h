// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures for the output's colour space.
#pragma once

#include "core/layout.h"

#include <cstddef>
#include <cstdint>

namespace rostrum {

// Where an I420 frame goes; strides in bytes.
struct I420Planes {
  std::uint8_t* y = nullptr;
  std::uint8_t* u = nullptr;
  std::uint8_t* v = nullptr;
  std::ptrdiff_t y_stride = 0;
  std::ptrdiff_t uv_stride = 0;
};

// sRGB pixels (0x00RRGGBB, `stride` pixels apart) as BT.709 of limited range, rounded to nearest,
// so that grey has no tint.  Chroma is sited as H.264 has it by default: horizontally on the even
// pixels, vertically between the lines.
void srgb_to_i420(const std::uint32_t* pixels, std::ptrdiff_t stride, Size size,
                  const I420Planes& out);

// Premultiplied sRGB pixels (0xAARRGGBB, `stride` pixels apart) as packed AYUV, straight alpha, in
// the same colours; `out_stride` in bytes.
void srgb_to_ayuv(const std::uint32_t* pixels, std::ptrdiff_t stride, Size size, std::uint8_t* out,
                  std::ptrdiff_t out_stride);

}  // namespace rostrum
