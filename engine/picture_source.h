// SPDX-License-Identifier: LGPL-2.1-or-later
// One reader per family of picture formats: each paints on a surface, or says why it cannot.
#pragma once

#include "engine/picture.h"
#include "engine/picture_canvas.h"

namespace rostrum {

// JPEG, PNG or WebP by a small pipeline of its own.
Result<SurfacePtr> paint_raster(const PictureRequest& request, const PictureHeader& header,
                                GCancellable* cancellable);

Result<SurfacePtr> paint_svg(const PictureRequest& request);

// The picture stretched to this size, what is transparent in it left so: premultiplied ARGB.
Result<SurfacePtr> clear_raster(const std::string& path, const PictureHeader& header, Size size);
Result<SurfacePtr> clear_svg(const std::string& path, Size size);
Result<Size> svg_size(const std::string& path);

Result<SurfacePtr> paint_pdf(const PictureRequest& request, GCancellable* cancellable);

struct PdfPage {
  int pages = 0;
  double width = 0;  // points, as it is to be seen
  double height = 0;
};

// The document's pages and the size of one of them.
Result<PdfPage> pdf_page(const std::string& path, int page, GCancellable* cancellable);

}  // namespace rostrum
