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

// One pixel of premultiplied sRGB (0xAARRGGBB) in the same colours, premultiplied; `keep` is what
// it leaves of what lies under it, 255 - alpha.
struct PremultipliedLuma {
  std::uint8_t value = 0;
  std::uint8_t keep = 255;
};
PremultipliedLuma premultiplied_luma(std::uint32_t pixel);

// The chroma of an even pixel at `x` of two lines, sited as above; beside the line lies nothing.
struct PremultipliedChroma {
  std::uint8_t u = 0;
  std::uint8_t v = 0;
  std::uint8_t keep = 255;
};
PremultipliedChroma premultiplied_chroma(const std::uint32_t* upper, const std::uint32_t* lower,
                                         int x);

}  // namespace rostrum
