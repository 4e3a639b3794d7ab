// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/picture.h"

#include "engine/picture_source.h"

#include <fcntl.h>
#include <pango/pangocairo.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace rostrum {

namespace {

struct Unref {
  void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
using LayoutPtr = std::unique_ptr<PangoLayout, Unref>;
using FontPtr = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;

// The beginning of a regular file; "" for anything else. Never waits, not even on a FIFO.
std::string beginning_of(const std::string& path) {
  constexpr std::size_t kMost = 1U << 20;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return {};
  struct stat status {};
  std::string bytes;
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
    bytes.resize(std::min(kMost, static_cast<std::size_t>(status.st_size)));
    const auto count = pread(fd, bytes.data(), bytes.size(), 0);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  close(fd);
  return bytes;
}

tl::unexpected<Error> not_a_picture(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0) return fail(Kind::media, "there is no such file");
  if (access(path.c_str(), R_OK) != 0) return fail(Kind::media, "it may not be read");
  return fail(Kind::media, "it is not a picture that can be read (JPEG, PNG, WebP, SVG, PDF)");
}

bool too_large(Size size) { return size.width > kLargestPicture || size.height > kLargestPicture; }

Result<Size> checked(Size size) {
  if (size.width < 1 || size.height < 1) return fail(Kind::media, "its size cannot be read");
  if (too_large(size))
    return fail(Kind::media, "it is larger than " + std::to_string(kLargestPicture) + " pixels");
  return size;
}

Result<SurfacePtr> paint(const PictureRequest& request, GCancellable* cancellable) {
  const auto header = read_picture_header(request.path);
  if (header.kind == PictureKind::none) return not_a_picture(request.path);
  if (header.kind == PictureKind::pdf) return paint_pdf(request, cancellable);
  if (request.page != 1) return fail(Kind::media, "it has no page " + std::to_string(request.page));
  if (header.kind == PictureKind::svg) return paint_svg(request);
  if (const auto size = checked(header.size()); !size) return tl::unexpected(size.error());
  return paint_raster(request, header, cancellable);
}

}  // namespace

PictureHeader read_picture_header(const std::string& path) {
  return parse_picture_header(beginning_of(path));
}

bool is_picture(const std::string& path) {
  return read_picture_header(path).kind != PictureKind::none;
}

int page_count(const std::string& path, GCancellable* cancellable) {
  const auto kind = read_picture_header(path).kind;
  if (kind != PictureKind::pdf) return kind == PictureKind::none ? 0 : 1;
  const auto first = pdf_page(path, 1, cancellable);
  return first ? first->pages : 0;
}

Result<Size> picture_size(const std::string& path, int page, GCancellable* cancellable) {
  const auto header = read_picture_header(path);
  if (header.kind == PictureKind::none) return not_a_picture(path);
  if (header.kind == PictureKind::pdf) {
    constexpr double kPixelsPerPoint = 150.0 / 72;
    const auto found = pdf_page(path, page, cancellable);
    if (!found) return tl::unexpected(found.error());
    return Size{std::max(1, static_cast<int>(std::lround(found->width * kPixelsPerPoint))),
                std::max(1, static_cast<int>(std::lround(found->height * kPixelsPerPoint)))};
  }
  if (page != 1) return fail(Kind::media, "it has no page " + std::to_string(page));
  if (header.kind == PictureKind::svg) return svg_size(path);
  return checked(header.size());
}

Result<GstPtr<GstBuffer>> load_picture(const PictureRequest& request, GCancellable* cancellable) {
  auto surface = paint(request, cancellable);
  if (!surface) return tl::unexpected(surface.error());
  auto frame = frame_of(std::move(*surface));
  if (!frame) return fail(Kind::internal, "its pixels could not be converted");
  return frame;
}

Result<SurfacePtr> load_clear_picture(const std::string& path, Size size) {
  const auto header = read_picture_header(path);
  if (header.kind == PictureKind::none) return not_a_picture(path);
  if (header.kind == PictureKind::svg) return clear_svg(path, size);
  if (header.kind == PictureKind::pdf) {
    const auto page =
        paint_pdf({.path = path, .page = 1, .box = size, .background = 0xffffff}, nullptr);
    if (!page) return tl::unexpected(page.error());
    auto surface = make_clear_surface(size);
    const CairoPtr cairo{cairo_create(surface.get())};
    cairo_set_source_surface(cairo.get(), page->get(), 0, 0);
    cairo_paint(cairo.get());
    return surface;
  }
  if (const auto fine = checked(header.size()); !fine) return tl::unexpected(fine.error());
  return clear_raster(path, header, size);
}

GstPtr<GstBuffer> plain_picture(Size size, std::uint32_t color) {
  return frame_of(make_surface(size, color));
}

GstPtr<GstBuffer> page_placeholder(Size size, int page) {
  auto surface = make_surface(size, 0xd8d8d8);
  const CairoPtr cairo{cairo_create(surface.get())};
  const LayoutPtr text{pango_cairo_create_layout(cairo.get())};
  const FontPtr font{pango_font_description_from_string("Sans Bold")};
  pango_font_description_set_absolute_size(font.get(),
                                           std::min(size.width, size.height) * 0.4 * PANGO_SCALE);
  pango_layout_set_font_description(text.get(), font.get());
  pango_layout_set_text(text.get(), std::to_string(page).c_str(), -1);
  int width = 0;
  int height = 0;
  pango_layout_get_pixel_size(text.get(), &width, &height);
  set_color(cairo.get(), 0x808080);
  cairo_move_to(cairo.get(), (size.width - width) / 2.0, (size.height - height) / 2.0);
  pango_cairo_show_layout(cairo.get(), text.get());
  return frame_of(std::move(surface));
}

GstPtr<GstCaps> picture_caps(Size size, Fraction rate) {
  auto info = frame_info(size, rate);
  auto caps = adopt(gst_video_info_to_caps(&info));
  // Unsaid, like in the other elements: compositor would convert between two sites.
  gst_structure_remove_field(gst_caps_get_structure(caps.get(), 0), "chroma-site");
  return caps;
}

}  // namespace rostrum
