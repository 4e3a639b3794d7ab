// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns small 8-bit 4:2:0 pictures from another YUV matrix or range to BT.709, video range.
// GstVideoConverter does the same through full-size 4:4:4 RGB at a hundred times the cost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rostrum {

// What defines a YUV space: Kr, Kb and whether black is 0 (full) or 16.
struct YuvSpace {
  double kr = 0.2126;
  double kb = 0.0722;
  bool full_range = false;

  friend bool operator==(const YuvSpace&, const YuvSpace&) = default;
};

inline constexpr YuvSpace kBt709{};

struct YuvPlanes {
  std::array<std::uint8_t*, 3> data{};
  std::array<std::ptrdiff_t, 3> stride{};
  int width = 0;   // of the luma plane, even
  int height = 0;  // even
};

class ColorMatrix {
 public:
  explicit ColorMatrix(const YuvSpace& from);
  void apply(const YuvPlanes& planes) const;  // in place

 private:
  // Fixed point, 14 fractional bits.
  std::int16_t luma_;
  std::array<std::int16_t, 2> luma_of_chroma_;
  std::array<std::int16_t, 4> chroma_;
  std::int16_t offset_;
};

}  // namespace rostrum
