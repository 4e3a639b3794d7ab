// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/signature.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace rostrum {

namespace {

struct Plane {
  const std::uint8_t* data;
  std::ptrdiff_t stride;
};

std::uint8_t mean_of(const Plane& plane, int x0, int x1, int y0, int y1) {
  std::uint32_t sum = 0;
  for (int y = y0; y < y1; ++y) {
    const auto* line = plane.data + y * plane.stride;
    for (int x = x0; x < x1; ++x) sum += line[x];
  }
  const auto count = static_cast<std::uint32_t>((x1 - x0) * (y1 - y0));
  return static_cast<std::uint8_t>((sum + count / 2) / count);
}

void reduce(const Plane& plane, Rect part, int columns, int rows, std::vector<std::uint8_t>& out) {
  out.reserve(static_cast<std::size_t>(columns) * rows);
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      const int x0 = part.x + part.width * c / columns;
      const int y0 = part.y + part.height * r / rows;
      out.push_back(mean_of(plane, x0, std::max(x0 + 1, part.x + part.width * (c + 1) / columns),
                            y0, std::max(y0 + 1, part.y + part.height * (r + 1) / rows)));
    }
}

int halved(int cells) { return std::max(1, cells / 2); }

bool is_masked(const CellMask& mask, std::size_t cell) { return !mask.empty() && mask[cell]; }

struct Moments {
  double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0, apart = 0;

  void add(double x, double y) {
    n += 1;
    a += x;
    b += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
    apart += std::abs(x - y);
  }
  // Under half a level squared there is nothing but rounding and noise to correlate.
  double correlation() const {
    const double va = aa - a * a / n;
    const double vb = bb - b * b / n;
    return va < 0.5 * n || vb < 0.5 * n ? 0 : (ab - a * b / n) / std::sqrt(va * vb);
  }
};

double color_distance(const Signature& a, const Signature& b, const CellMask& mask) {
  const int columns = halved(a.grid.columns);
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < a.u.size(); ++i) {
    const auto row = std::min<int>(2 * (static_cast<int>(i) / columns), a.grid.rows - 1);
    const auto column = std::min<int>(2 * (static_cast<int>(i) % columns), a.grid.columns - 1);
    if (is_masked(mask, static_cast<std::size_t>(row * a.grid.columns + column))) continue;
    sum += std::abs(a.u[i] - b.u[i]) + std::abs(a.v[i] - b.v[i]);
    ++count;
  }
  return count > 0 ? sum / 2 / count : 0;
}

}  // namespace

CellGrid cells_of(Size picture, int longest) {
  const int side = std::max({picture.width, picture.height, 1});
  const int wanted = std::min(longest, std::max(1, side / 2));
  const auto of = [&](int length) {
    return std::clamp((length * wanted + side / 2) / side, 1, std::max(1, length / 2));
  };
  return {of(picture.width), of(picture.height)};
}

Signature signature_of(const PictureView& picture, Rect part, CellGrid grid) {
  Signature found{grid, {}, {}, {}};
  reduce({picture.y, picture.y_stride}, part, grid.columns, grid.rows, found.luma);
  const Rect half{part.x / 2, part.y / 2, std::max(1, part.width / 2),
                  std::max(1, part.height / 2)};
  reduce({picture.u, picture.uv_stride}, half, halved(grid.columns), halved(grid.rows), found.u);
  reduce({picture.v, picture.uv_stride}, half, halved(grid.columns), halved(grid.rows), found.v);
  return found;
}

Signature plain_signature(CellGrid grid, std::uint8_t y, std::uint8_t u, std::uint8_t v) {
  const auto colored = static_cast<std::size_t>(halved(grid.columns)) * halved(grid.rows);
  return {grid, std::vector(grid.cells(), y), std::vector(colored, u), std::vector(colored, v)};
}

void mask_out(CellMask& mask, CellGrid grid, Rect part, Rect covered) {
  if (covered.width <= 0 || covered.height <= 0) return;
  mask.resize(grid.cells());
  for (int r = 0; r < grid.rows; ++r)
    for (int c = 0; c < grid.columns; ++c) {
      const int x0 = part.x + part.width * c / grid.columns;
      const int x1 = part.x + part.width * (c + 1) / grid.columns;
      const int y0 = part.y + part.height * r / grid.rows;
      const int y1 = part.y + part.height * (r + 1) / grid.rows;
      if (x0 < covered.x + covered.width && covered.x < x1 && y0 < covered.y + covered.height &&
          covered.y < y1)
        mask[static_cast<std::size_t>(r * grid.columns + c)] = true;
    }
}

Likeness likeness(const Signature& a, const Signature& b, const CellMask& mask) {
  Moments moments;
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    if (!is_masked(mask, i)) moments.add(a.luma[i], b.luma[i]);
  if (moments.n == 0) return {};
  return {std::max(moments.apart / moments.n, color_distance(a, b, mask)), moments.correlation()};
}

std::size_t cells_apart(const Signature& a, const Signature& b, const CellMask& mask,
                        int tolerance) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.luma.size(); ++i)
    if (!is_masked(mask, i) && std::abs(a.luma[i] - b.luma[i]) > tolerance) ++count;
  return count;
}

}  // namespace rostrum
