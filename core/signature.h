// SPDX-License-Identifier: LGPL-2.1-or-later
// What a part of a picture looks like, coarsely: small enough to keep many, detailed enough to tell
// one slide or one face from another.
#pragma once

#include "core/layout.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rostrum {

// The planes of an I420 frame, to be read; strides in bytes.
struct PictureView {
  const std::uint8_t* y = nullptr;
  const std::uint8_t* u = nullptr;
  const std::uint8_t* v = nullptr;
  std::ptrdiff_t y_stride = 0;
  std::ptrdiff_t uv_stride = 0;
};

// So many cells across and down.
struct CellGrid {
  int columns = 0;
  int rows = 0;

  std::size_t cells() const { return static_cast<std::size_t>(columns) * rows; }
  friend bool operator==(const CellGrid&, const CellGrid&) = default;
};

// Square cells, as far as that goes, of which the longer side has `longest`; never smaller than two
// pixels, so that each has colour.
CellGrid cells_of(Size picture, int longest);

// Mean values of the cells, row by row; of the colour one for two cells across and down.
struct Signature {
  CellGrid grid;
  std::vector<std::uint8_t> luma;
  std::vector<std::uint8_t> u;
  std::vector<std::uint8_t> v;

  friend bool operator==(const Signature&, const Signature&) = default;
};

// Of a part of the picture, which lies within it.
Signature signature_of(const PictureView& picture, Rect part, CellGrid grid);
// Of a picture of one colour.
Signature plain_signature(CellGrid grid, std::uint8_t y, std::uint8_t u, std::uint8_t v);

// Cells that are not to be compared, row by row; empty: all are.
using CellMask = std::vector<bool>;

// Masks the cells that a rectangle touches; both in pixels of the canvas.
void mask_out(CellMask& mask, CellGrid grid, Rect part, Rect covered);

struct Likeness {
  double distance = 0;     // mean absolute difference, of luma or colour, whichever is greater
  double correlation = 0;  // of the luma, -1 to 1; 0 where one of them is plain
};

// Both have the same grid.
Likeness likeness(const Signature& a, const Signature& b, const CellMask& mask);

// Cells whose luma differs by more than `tolerance`.
std::size_t cells_apart(const Signature& a, const Signature& b, const CellMask& mask,
                        int tolerance);

}  // namespace rostrum
