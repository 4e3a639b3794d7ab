// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/page.h"

#include "core/initials.h"

#include <pango/pangocairo.h>

namespace rostrum {

Result<std::string> png_of(cairo_surface_t* surface) {
  std::string bytes;
  cairo_surface_flush(surface);
  const auto status = cairo_surface_write_to_png_stream(
      surface,
      [](void* to, const unsigned char* data, unsigned int size) {
        static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), size);
        return CAIRO_STATUS_SUCCESS;
      },
      &bytes);
  if (status == CAIRO_STATUS_SUCCESS) return bytes;
  return fail(Kind::internal, std::string{"the page cannot be written as a PNG: "} +
                                  cairo_status_to_string(status));
}

Page::Page(Size size)
    : surface_{make_surface(size, kPageGround)}, cairo_{cairo_create(surface_.get())} {}

void Page::write(const std::string& text, Rect box, const PageLine& line) {
  const auto layout = lay_out_text(drawable(single_line(text)), line.style);
  pango_layout_set_width(layout.get(), box.width * PANGO_SCALE);
  pango_layout_set_height(layout.get(), -line.lines);
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment(layout.get(), line.right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  set_color(cairo_.get(), line.color);
  cairo_move_to(cairo_.get(), box.x, box.y);
  pango_cairo_show_layout(cairo_.get(), layout.get());
}

void Page::fill(Rect box, std::uint32_t color) {
  set_color(cairo_.get(), color);
  cairo_rectangle(cairo_.get(), box.x, box.y, box.width, box.height);
  cairo_fill(cairo_.get());
}

}  // namespace rostrum
