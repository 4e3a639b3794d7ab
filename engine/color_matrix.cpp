// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/color_matrix.h"

#include <algorithm>
#include <cmath>
#include <vector>

// Without it GCC leaves these loops scalar at -O2, four times slower.
#if defined(__GNUC__) && !defined(__clang__)
#define ROSTRUM_VECTORISE __attribute__((optimize("O3")))
#else
#define ROSTRUM_VECTORISE
#endif

namespace rostrum {

namespace {

constexpr int kShift = 5;  // fractional bits of all sums
constexpr int kHalf = 1 << (kShift - 1);

std::int16_t fixed(double v) { return static_cast<std::int16_t>(std::lround(v * 16384)); }

// value (8 bits, signed or not) x factor (14 fractional bits), with kShift fractional bits.  The
// form that compiles to one high multiplication of 16-bit lanes.
inline std::int16_t times(int value, std::int16_t factor) {
  const auto wide = static_cast<std::int16_t>(value * 128);
  return static_cast<std::int16_t>((wide * factor) >> 16);
}

inline std::uint8_t byte(int v) { return static_cast<std::uint8_t>(std::clamp(v, 0, 255)); }

using Row = const std::uint8_t*;

// What the two chroma samples add to the four luma samples they belong to.
ROSTRUM_VECTORISE void shares(Row u, Row v, std::int16_t cu, std::int16_t cv, int offset, int n,
                              std::int16_t* out) {
  for (int x = 0; x < n; ++x)
    out[2 * x] = out[2 * x + 1] =
        static_cast<std::int16_t>(times(u[x] - 128, cu) + times(v[x] - 128, cv) + offset);
}

ROSTRUM_VECTORISE void luma_row(std::uint8_t* y, const std::int16_t* share, std::int16_t factor,
                                int n) {
  for (int x = 0; x < n; ++x) y[x] = byte((times(y[x], factor) + share[x]) >> kShift);
}

ROSTRUM_VECTORISE void chroma_row(std::uint8_t* __restrict u, std::uint8_t* __restrict v,
                                  const std::array<std::int16_t, 4>& m, int n) {
  constexpr int kMiddle = (128 << kShift) + kHalf;
  const auto uu = m[0];
  const auto uv = m[1];
  const auto vu = m[2];
  const auto vv = m[3];
  for (int x = 0; x < n; ++x) {
    const int cu = u[x] - 128;
    const int cv = v[x] - 128;
    u[x] = byte((times(cu, uu) + times(cv, uv) + kMiddle) >> kShift);
    v[x] = byte((times(cu, vu) + times(cv, vv) + kMiddle) >> kShift);
  }
}

}  // namespace

ColorMatrix::ColorMatrix(const YuvSpace& from) {
  const double luma_range = from.full_range ? 219.0 / 255 : 1;
  const double chroma_range = from.full_range ? 224.0 / 255 : 1;
  const double chroma_to_luma = (from.full_range ? 219.0 / 255 : 219.0 / 224);
  const double kg = 1 - from.kr - from.kb;
  const double to_kg = 1 - kBt709.kr - kBt709.kb;
  // Luma of the target that one unit of Cb (Cr) alone carries.
  const double of_cb = 2 * (1 - from.kb) * (kBt709.kb - to_kg * from.kb / kg);
  const double of_cr = 2 * (1 - from.kr) * (kBt709.kr - to_kg * from.kr / kg);
  luma_ = fixed(luma_range);
  luma_of_chroma_ = {fixed(of_cb * chroma_to_luma), fixed(of_cr * chroma_to_luma)};
  const double u_scale = chroma_range / (2 * (1 - kBt709.kb));
  const double v_scale = chroma_range / (2 * (1 - kBt709.kr));
  chroma_ = {fixed((2 * (1 - from.kb) - of_cb) * u_scale), fixed(-of_cr * u_scale),
             fixed(-of_cb * v_scale), fixed((2 * (1 - from.kr) - of_cr) * v_scale)};
  offset_ = static_cast<std::int16_t>((from.full_range ? 16 << kShift : 0) + kHalf);
}

void ColorMatrix::apply(const YuvPlanes& planes) const {
  std::vector<std::int16_t> share(static_cast<std::size_t>(planes.width) + 1);
  const int half = planes.width / 2;
  for (int row = 0; row < planes.height / 2; ++row) {
    auto* u = planes.data[1] + row * planes.stride[1];
    auto* v = planes.data[2] + row * planes.stride[2];
    shares(u, v, luma_of_chroma_[0], luma_of_chroma_[1], offset_, half, share.data());
    for (int line = 2 * row; line < 2 * row + 2; ++line)
      luma_row(planes.data[0] + line * planes.stride[0], share.data(), luma_, planes.width);
    chroma_row(u, v, chroma_, half);
  }
}

}  // namespace rostrum
