// SPDX-License-Identifier: LGPL-2.1-or-later
// The surface on which a picture is put together before it becomes a frame.
#pragma once

#include "core/layout.h"
#include "lib/gst_ptr.h"

#include <cairo.h>
#include <gst/video/video.h>

#include <cstdint>

namespace rostrum {

using SurfacePtr = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using CairoPtr = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;

// Packed sRGB as cairo has it.
inline constexpr GstVideoFormat kOpaque =
    G_BYTE_ORDER == G_LITTLE_ENDIAN ? GST_VIDEO_FORMAT_BGRx : GST_VIDEO_FORMAT_xRGB;

// An opaque surface of one colour, 0xRRGGBB.
SurfacePtr make_surface(Size size, std::uint32_t color);
// A transparent one: premultiplied ARGB.
SurfacePtr make_clear_surface(Size size);
void set_color(cairo_t* cairo, std::uint32_t color);

// Where a picture of this aspect goes in a box: as large as fits, centred, even; all of the box if
// only rounding keeps it from that, or if it is to be stretched. One that covers the box reaches
// over its edges.
Rect place(double width, double height, Size box, Fit how);

// One frame to another format and size: high quality, no dithering, nothing composed; null if
// GStreamer cannot.
GstPtr<GstBuffer> convert_frame(GstBuffer* frame, const GstVideoInfo& from, const GstVideoInfo& to);

// sRGB, packed or planar with full range, of this format and size.
GstVideoInfo srgb_info(GstVideoFormat format, Size size);
// The element's format: I420, BT.709, limited range.
GstVideoInfo frame_info(Size size, Fraction rate = {25, 1});

// The finished surface as a frame of the element's format.
GstPtr<GstBuffer> frame_of(SurfacePtr surface);

}  // namespace rostrum
