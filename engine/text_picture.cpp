// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/text_picture.h"

#include "engine/text_layout.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace rostrum {

namespace {

constexpr double kPlateOpacity = 0.6;
constexpr int kLeastSize = 6;  // pixels per em to which a text may shrink

PangoRectangle extents(PangoLayout* layout) {
  PangoRectangle logical;
  pango_layout_get_pixel_extents(layout, nullptr, &logical);
  return logical;
}

// As large as `style` says, or smaller where only that makes a line no higher than `height`.
LayoutPtr fitted_line(const std::string& text, TextStyle style, int height) {
  auto layout = lay_out_text(text, style);
  while (extents(layout.get()).height > height && style.size > kLeastSize) {
    --style.size;
    layout = lay_out_text(text, style);
  }
  return layout;
}

void round_plate(cairo_t* cairo, double x, double y, double width, double height, double radius) {
  constexpr double kQuarter = std::numbers::pi / 2;
  cairo_new_path(cairo);
  cairo_arc(cairo, x + width - radius, y + radius, radius, -kQuarter, 0);
  cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, kQuarter);
  cairo_arc(cairo, x + radius, y + height - radius, radius, kQuarter, 2 * kQuarter);
  cairo_arc(cairo, x + radius, y + radius, radius, 2 * kQuarter, 3 * kQuarter);
  cairo_close_path(cairo);
  cairo_set_source_rgba(cairo, 0, 0, 0, kPlateOpacity);
  cairo_fill(cairo);
}

// With its logical rectangle's upper left corner at x, y.
void show(cairo_t* cairo, PangoLayout* layout, double x, double y) {
  const auto logical = extents(layout);
  cairo_move_to(cairo, x - logical.x, y - logical.y);
  pango_cairo_show_layout(cairo, layout);
}

int even_up(int value) { return (value + 1) & ~1; }

// One line at the left end of a plate that is as long as the text, ellipsis where it is too long.
PlacedPicture draw_label(const Overlay& o, const std::string& text) {
  const int padding = o.size / 2;
  const auto line = fitted_line(text, {o.size, false}, o.rect.height);
  pango_layout_set_single_paragraph_mode(line.get(), TRUE);
  pango_layout_set_ellipsize(line.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_width(line.get(), std::max(1, o.rect.width - 2 * padding) * PANGO_SCALE);
  const auto logical = extents(line.get());
  const int width = std::min(even_up(logical.width + 2 * padding), o.rect.width);
  auto surface = make_clear_surface({width, o.rect.height});
  const CairoPtr cairo{cairo_create(surface.get())};
  round_plate(cairo.get(), 0, 0, width, o.rect.height, o.rect.height / 4.0);
  cairo_rectangle(cairo.get(), 0, 0, width, o.rect.height);
  cairo_clip(cairo.get());
  set_color(cairo.get(), o.color);
  show(cairo.get(), line.get(), padding, (o.rect.height - logical.height) / 2.0);
  return {std::move(surface), {o.rect.x, o.rect.y, width, o.rect.height}};
}

// Centred lines, each with an ellipsis where it is too long, on one plate in the middle.
PlacedPicture draw_names(const Overlay& o, const std::string& text) {
  const int padding = o.size / 2;
  const auto lines = fitted_line(text, {o.size, false}, o.rect.height - 2 * padding);
  pango_layout_set_alignment(lines.get(), PANGO_ALIGN_CENTER);
  pango_layout_set_ellipsize(lines.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_width(lines.get(), std::max(1, o.rect.width - 4 * padding) * PANGO_SCALE);
  const auto logical = extents(lines.get());
  auto surface = make_clear_surface({o.rect.width, o.rect.height});
  const CairoPtr cairo{cairo_create(surface.get())};
  const double x = (o.rect.width - logical.width) / 2.0;
  const double y = (o.rect.height - logical.height) / 2.0;
  round_plate(cairo.get(), x - 2 * padding, y - padding, logical.width + 4 * padding,
              logical.height + 2 * padding, o.size / 2.0);
  set_color(cairo.get(), o.color);
  show(cairo.get(), lines.get(), x, y);
  return trimmed(std::move(surface), o.rect);
}

PlacedPicture draw_initials(const Overlay& o, const std::string& text) {
  const auto line = fitted_line(text, {o.size, true}, o.rect.height);
  PangoRectangle ink;
  pango_layout_get_pixel_extents(line.get(), &ink, nullptr);
  auto surface = make_clear_surface({o.rect.width, o.rect.height});
  const CairoPtr cairo{cairo_create(surface.get())};
  set_color(cairo.get(), o.color);
  cairo_move_to(cairo.get(), (o.rect.width - ink.width) / 2.0 - ink.x,
                (o.rect.height - ink.height) / 2.0 - ink.y);
  pango_cairo_show_layout(cairo.get(), line.get());
  return trimmed(std::move(surface), o.rect);
}

LayoutPtr wrapped(const std::string& text, TextStyle style, int width) {
  auto layout = lay_out_text(text, style);
  pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_width(layout.get(), width * PANGO_SCALE);
  return layout;
}

struct Block {
  LayoutPtr title;
  LayoutPtr detail;
  int gap = 0;
  int height = 0;
};

Block block_of(const std::string& title, const std::string& detail, int size, int width) {
  Block block;
  block.title = wrapped(title, {size, true}, width);
  block.height = extents(block.title.get()).height;
  if (detail.empty()) return block;
  block.detail = wrapped(detail, {std::max(1, size / 2), false}, width);
  block.gap = size / 2;
  block.height += block.gap + extents(block.detail.get()).height;
  return block;
}

// Whether a line is wider than it may be: a long word that was broken to fit.
bool breaks_a_word(PangoLayout* layout, int width) {
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
  const bool wide = extents(layout).width > width;
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  return wide;
}

PlacedPicture draw_card(const Overlay& o, const std::string& title) {
  const auto detail = drawable(o.detail);
  int size = o.size;
  auto block = block_of(title, detail, size, o.rect.width);
  while (size > 2 * kLeastSize &&
         (block.height > o.rect.height || breaks_a_word(block.title.get(), o.rect.width))) {
    size = size * 9 / 10;
    block = block_of(title, detail, size, o.rect.width);
  }
  auto surface = make_clear_surface({o.rect.width, o.rect.height});
  const CairoPtr cairo{cairo_create(surface.get())};
  cairo_rectangle(cairo.get(), 0, 0, o.rect.width, o.rect.height);
  cairo_clip(cairo.get());
  set_color(cairo.get(), o.color);
  const double top = std::max(0, o.rect.height - block.height) / 2.0;
  cairo_move_to(cairo.get(), 0, top);
  pango_cairo_show_layout(cairo.get(), block.title.get());
  if (block.detail) {
    cairo_move_to(cairo.get(), 0, top + extents(block.title.get()).height + block.gap);
    pango_cairo_show_layout(cairo.get(), block.detail.get());
  }
  return trimmed(std::move(surface), o.rect);
}

}  // namespace

PlacedPicture trimmed(SurfacePtr surface, Rect rect) {
  cairo_surface_flush(surface.get());
  const auto* data = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  int left = rect.width;
  int right = 0;
  int top = rect.height;
  int bottom = 0;
  for (int y = 0; y < rect.height; ++y)
    for (int x = 0; x < rect.width; ++x) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, data + std::ptrdiff_t{y} * stride + x * 4, sizeof pixel);
      if (pixel >> 24 == 0) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    }
  if (right <= left) return {};
  left &= ~1;
  top &= ~1;
  const Rect part{rect.x + left, rect.y + top, std::min(even_up(right - left), rect.width - left),
                  std::min(even_up(bottom - top), rect.height - top)};
  auto result = make_clear_surface({part.width, part.height});
  const CairoPtr cairo{cairo_create(result.get())};
  cairo_set_source_surface(cairo.get(), surface.get(), -left, -top);
  cairo_paint(cairo.get());
  return {std::move(result), part};
}

PlacedPicture draw_text(const Overlay& overlay) {
  const auto text = drawable(overlay.text);
  const bool blank = text.find_first_not_of(" \n") == std::string::npos;
  if (blank && overlay.kind != OverlayKind::card) return {};
  switch (overlay.kind) {
  case OverlayKind::initials:
    return draw_initials(overlay, text);
  case OverlayKind::label:
    return draw_label(overlay, text);
  case OverlayKind::names:
    return draw_names(overlay, text);
  case OverlayKind::card:
    return draw_card(overlay, text);
  case OverlayKind::edge:
  case OverlayKind::logo:
    break;
  }
  return {};
}

}  // namespace rostrum
