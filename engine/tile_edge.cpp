// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/tile_edge.h"

#include <algorithm>
#include <numbers>

namespace rostrum {

namespace {

constexpr double kQuarter = std::numbers::pi / 2;

// A rectangle of this size, smaller by `inset` on every side, with rounded corners.
void add_path(cairo_t* cairo, Size size, double inset, double radius) {
  const double left = inset;
  const double top = inset;
  const double right = size.width - inset;
  const double bottom = size.height - inset;
  cairo_new_sub_path(cairo);
  cairo_arc(cairo, right - radius, top + radius, radius, -kQuarter, 0);
  cairo_arc(cairo, right - radius, bottom - radius, radius, 0, kQuarter);
  cairo_arc(cairo, left + radius, bottom - radius, radius, kQuarter, 2 * kQuarter);
  cairo_arc(cairo, left + radius, top + radius, radius, 2 * kQuarter, 3 * kQuarter);
  cairo_close_path(cairo);
}

}  // namespace

PlacedPicture draw_edge(const Overlay& o) {
  const Size size{o.rect.width, o.rect.height};
  const double half = std::min(size.width, size.height) / 2.0;
  const double radius = std::min<double>(o.edge.radius, half);
  const double border = std::min<double>(o.edge.border, half);
  auto surface = make_clear_surface(size);
  const CairoPtr cairo{cairo_create(surface.get())};
  cairo_set_fill_rule(cairo.get(), CAIRO_FILL_RULE_EVEN_ODD);
  cairo_rectangle(cairo.get(), 0, 0, size.width, size.height);
  add_path(cairo.get(), size, 0, radius);
  set_color(cairo.get(), o.behind);
  cairo_fill(cairo.get());
  if (border > 0) {
    add_path(cairo.get(), size, 0, radius);
    add_path(cairo.get(), size, border, std::max(0.0, radius - border));
    set_color(cairo.get(), o.edge.color);
    cairo_fill(cairo.get());
  }
  return {std::move(surface), o.rect};
}

}  // namespace rostrum
