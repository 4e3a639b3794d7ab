// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/bounded_process.h"
#include "engine/file.h"
#include "engine/picture_source.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace rostrum {

namespace {

Error with_cure(Error error) {
  if (error.kind == Kind::missing_component)
    error.message += ", which PDF slides need (Debian package poppler-utils)";
  return error;
}

// The rest of the line that begins with `name` and a colon.
std::string line_of(std::string_view text, const std::string& name) {
  const auto start = ("\n" + std::string{text}).find("\n" + name + ":");
  if (start == std::string::npos) return {};
  const auto rest = text.substr(start + name.size() + 1);
  return std::string{rest.substr(0, rest.find('\n'))};
}

cairo_status_t take(void* closure, unsigned char* data, unsigned int length) {
  auto& rest = *static_cast<std::string_view*>(closure);
  if (rest.size() < length) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(data, rest.data(), length);
  rest.remove_prefix(length);
  return CAIRO_STATUS_SUCCESS;
}

// pdfinfo aligns the page's number in a field of four.
std::string page_line(int page, const char* what) {
  char name[48];
  std::snprintf(name, sizeof name, "Page %4d %s", page, what);
  return name;
}

}  // namespace

Result<PdfPage> pdf_page(const std::string& path, int page, GCancellable* cancellable) {
  const auto number = std::to_string(page);
  const auto file = File::open_to_read(path);
  if (!file) return tl::unexpected(file.error());
  // Beyond the last page pdfinfo fails, so the count is asked for from the first page to this one.
  const auto text =
      run_bounded({"pdfinfo", "-f", "1", "-l", number, kBoundedInput}, cancellable, {}, file->fd());
  if (!text && text.error().kind == Kind::media)
    return fail(Kind::media, "it is not a readable PDF (" + text.error().message + ")");
  if (!text) return tl::unexpected(with_cure(text.error()));

  PdfPage found{.pages = std::atoi(line_of(*text, "Pages").c_str())};
  if (found.pages < 1) return fail(Kind::media, "it is a PDF without pages");
  if (page < 1 || page > found.pages)
    return fail(Kind::media, "it has no page " + number + ", but " + std::to_string(found.pages));
  char* rest = nullptr;
  const auto size = line_of(*text, page_line(page, "size"));
  found.width = g_ascii_strtod(size.c_str(), &rest);
  if (const char* by = std::strstr(rest, "x ")) found.height = g_ascii_strtod(by + 2, nullptr);
  if (found.width <= 0 || found.height <= 0)
    return fail(Kind::media, "its page " + number + " has no size");
  if (std::atoi(line_of(*text, page_line(page, "rot")).c_str()) % 180 != 0)
    std::swap(found.width, found.height);
  return found;
}

Result<SurfacePtr> paint_pdf(const PictureRequest& request, GCancellable* cancellable) {
  const auto page = pdf_page(request.path, request.page, cancellable);
  if (!page) return tl::unexpected(page.error());
  const auto rect = place(page->width, page->height, request.box, request.fit);
  const auto number = std::to_string(request.page);
  const auto file = File::open_to_read(request.path);
  if (!file) return tl::unexpected(file.error());
  const auto png = run_bounded(
      {"pdftocairo", "-png", "-singlefile", "-cropbox", "-f", number, "-l", number, "-scale-to-x",
       std::to_string(rect.width), "-scale-to-y", std::to_string(rect.height), kBoundedInput, "-"},
      cancellable, {}, file->fd());
  if (!png) return tl::unexpected(with_cure(png.error()));

  std::string_view bytes{*png};
  const SurfacePtr drawn{cairo_image_surface_create_from_png_stream(take, &bytes)};
  if (cairo_surface_status(drawn.get()) != CAIRO_STATUS_SUCCESS)
    return fail(Kind::media, "its page " + number + " could not be drawn");
  auto surface = make_surface(request.box, request.background);
  const CairoPtr cairo{cairo_create(surface.get())};
  cairo_set_source_surface(cairo.get(), drawn.get(), rect.x, rect.y);
  cairo_paint(cairo.get());
  return surface;
}

}  // namespace rostrum
