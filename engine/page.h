// SPDX-License-Identifier: LGPL-2.1-or-later
// A page that is drawn and written as a PNG: pictures and lines of text on a dark ground.
#pragma once

#include "core/result.h"
#include "engine/picture_canvas.h"
#include "engine/text_layout.h"

#include <string>

namespace rostrum {

// Colours, 0xRRGGBB.
inline constexpr std::uint32_t kPageGround = 0x1b1e24;
inline constexpr std::uint32_t kPageEdge = 0x3c424d;  // around what may be as dark as the page
inline constexpr std::uint32_t kPageText = 0xeceff4;
inline constexpr std::uint32_t kPageFaint = 0x9aa3b2;

// A surface as the bytes of a PNG.
Result<std::string> png_of(cairo_surface_t* surface);

struct PageLine {
  TextStyle style = {13, false};
  std::uint32_t color = kPageText;
  bool right = false;  // at the right edge of its box
  int lines = 1;       // more text than fits ends in an ellipsis
};

class Page {
 public:
  explicit Page(Size size);

  cairo_t* cairo() const { return cairo_.get(); }
  // Text in a box, as high as its lines make it.
  void write(const std::string& text, Rect box, const PageLine& line = {});
  void fill(Rect box, std::uint32_t color);
  Result<std::string> png() { return png_of(surface_.get()); }

 private:
  SurfacePtr surface_;
  CairoPtr cairo_;
};

}  // namespace rostrum
