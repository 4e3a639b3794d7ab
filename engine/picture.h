// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures (JPEG, PNG, WebP, SVG, pages of PDF) and what they are as video frames.  Files are told
// by their content.  Nothing that a picture refers to is loaded.  PDF needs the programs of
// poppler-utils.
#pragma once

#include "core/picture_header.h"
#include "core/result.h"
#include "engine/picture_canvas.h"
#include "lib/gst_ptr.h"

#include <gio/gio.h>

#include <cstdint>
#include <string>

namespace rostrum {

inline constexpr int kLargestPicture = 16384;  // pixels, width or height

// What the file is; `kind` none for anything else, and for what is not a readable regular file.
PictureHeader read_picture_header(const std::string& path);
bool is_picture(const std::string& path);

// Pages of a PDF, 1 for any other picture, 0 for what is no picture or cannot be read.
int page_count(const std::string& path, GCancellable* cancellable = nullptr);

// As it is to be seen, in pixels; of a PDF's page (from 1) at 150 dots per inch. Only the aspect
// of SVG and PDF means anything. Fails with Kind::media, Kind::missing_component without
// poppler-utils, or Kind::interrupted when cancelled.
Result<Size> picture_size(const std::string& path, int page, GCancellable* cancellable = nullptr);

struct PictureRequest {
  std::string path;
  int page = 1;                         // from 1; of a PDF
  Size box;                             // of the frame
  std::uint32_t background = 0x000000;  // 0xRRGGBB: what the picture leaves of the box
  Fit fit = Fit::contain;
};

// A frame of the box's size: I420, BT.709 of limited range, in memory of GStreamer's default layout
// for that format. With Fit::contain it is not stretched (but to the edge where that is only a
// matter of rounding); what is transparent in it is white. Blocks; any thread. Fails with
// Kind::media, Kind::missing_component, or Kind::interrupted when cancelled.
Result<GstPtr<GstBuffer>> load_picture(const PictureRequest& request,
                                       GCancellable* cancellable = nullptr);

// The picture (page 1 of a PDF, on white) stretched to this size as premultiplied ARGB; what is
// transparent in it stays so.  Blocks; any thread.  Fails as load_picture() does.
Result<SurfacePtr> load_clear_picture(const std::string& path, Size size);

// A frame of one colour, 0xRRGGBB.
GstPtr<GstBuffer> plain_picture(Size size, std::uint32_t color);

// What stands in for a page that cannot be read: light grey with its number.
GstPtr<GstBuffer> page_placeholder(Size size, int page);

// Caps of all these frames.
GstPtr<GstCaps> picture_caps(Size size, Fraction rate);

}  // namespace rostrum
