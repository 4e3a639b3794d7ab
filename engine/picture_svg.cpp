// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture_source.h"

#include <librsvg/rsvg.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <system_error>

namespace rostrum {

namespace {

struct Unref {
  void operator()(RsvgHandle* handle) const noexcept { g_object_unref(handle); }
};
using HandlePtr = std::unique_ptr<RsvgHandle, Unref>;

// From memory and without a base URI, so that it can refer to nothing outside itself.
Result<HandlePtr> open(const std::string& path) {
  constexpr std::uintmax_t kLargest = 64U << 20;
  std::error_code unknown;
  if (std::filesystem::file_size(path, unknown) > kLargest && !unknown)
    return fail(Kind::media, "it is an SVG of more than 64 MiB");
  char* data = nullptr;
  gsize size = 0;
  GError* problem = nullptr;
  if (!g_file_get_contents(path.c_str(), &data, &size, &problem)) {
    const GErrorPtr error{problem};
    return fail(Kind::media, error->message);
  }
  const GCharPtr text{data};
  HandlePtr handle{
      rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(text.get()), size, &problem)};
  if (handle) return handle;
  const GErrorPtr error{problem};
  return fail(Kind::media, std::string{"it is not a readable SVG ("} + error->message + ")");
}

struct Extent {
  double width = 16;  // where nothing is said, the shape of a slide
  double height = 9;
};

Extent extent_of(RsvgHandle* handle) {
  Extent extent;
  if (rsvg_handle_get_intrinsic_size_in_pixels(handle, &extent.width, &extent.height) &&
      extent.width > 0 && extent.height > 0)
    return extent;
  gboolean has_width = FALSE;
  gboolean has_height = FALSE;
  gboolean has_viewbox = FALSE;
  RsvgLength width{};
  RsvgLength height{};
  RsvgRectangle viewbox{};
  rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &width, &has_height, &height,
                                       &has_viewbox, &viewbox);
  if (has_viewbox && viewbox.width > 0 && viewbox.height > 0)
    return {viewbox.width, viewbox.height};
  return {};
}

RsvgRectangle viewport_of(Rect rect) {
  return {static_cast<double>(rect.x), static_cast<double>(rect.y), static_cast<double>(rect.width),
          static_cast<double>(rect.height)};
}

Result<void> render(RsvgHandle* handle, cairo_t* cairo, const RsvgRectangle& viewport) {
  GError* problem = nullptr;
  if (rsvg_handle_render_document(handle, cairo, &viewport, &problem)) return {};
  const GErrorPtr error{problem};
  return fail(Kind::media, std::string{"the SVG could not be drawn ("} + error->message + ")");
}

// Over all of a surface: within its viewport a drawing keeps its aspect.
Result<void> render_stretched(RsvgHandle* handle, cairo_t* cairo, Size size) {
  const auto extent = extent_of(handle);
  cairo_scale(cairo, size.width / extent.width, size.height / extent.height);
  return render(handle, cairo, {0, 0, extent.width, extent.height});
}

}  // namespace

Result<Size> svg_size(const std::string& path) {
  const auto handle = open(path);
  if (!handle) return tl::unexpected(handle.error());
  const auto extent = extent_of(handle->get());
  const double scale = 1920 / std::max(extent.width, extent.height);
  return Size{std::max(1, static_cast<int>(std::lround(extent.width * scale))),
              std::max(1, static_cast<int>(std::lround(extent.height * scale)))};
}

Result<SurfacePtr> paint_svg(const PictureRequest& request) {
  const auto handle = open(request.path);
  if (!handle) return tl::unexpected(handle.error());
  const auto extent = extent_of(handle->get());
  const auto rect = place(extent.width, extent.height, request.box, request.fit);
  auto surface = make_surface(request.box, request.background);
  const CairoPtr cairo{cairo_create(surface.get())};
  cairo_rectangle(cairo.get(), rect.x, rect.y, rect.width, rect.height);
  cairo_clip(cairo.get());
  set_color(cairo.get(), 0xffffff);
  cairo_paint(cairo.get());
  const bool stretched = request.fit == Fit::stretch;
  auto done = stretched ? render_stretched(handle->get(), cairo.get(), {rect.width, rect.height})
                        : render(handle->get(), cairo.get(), viewport_of(rect));
  if (!done) return tl::unexpected(done.error());
  return surface;
}

Result<SurfacePtr> clear_svg(const std::string& path, Size size) {
  const auto handle = open(path);
  if (!handle) return tl::unexpected(handle.error());
  auto surface = make_clear_surface(size);
  const CairoPtr cairo{cairo_create(surface.get())};
  if (auto done = render_stretched(handle->get(), cairo.get(), size); !done)
    return tl::unexpected(done.error());
  return surface;
}

}  // namespace rostrum
