// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/thumbnail.h"

#include "engine/page.h"

namespace rostrum {

namespace {

// The cells are a picture of their own, of half the colour as I420 has it.
GstPtr<GstBuffer> frame_from(const Signature& picture, Size size) {
  const auto info = frame_info(size);
  auto frame = adopt(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  GstMapInfo map;
  if (!frame || !gst_buffer_map(frame.get(), &map, GST_MAP_WRITE)) return {};
  const auto copy = [&](const std::vector<std::uint8_t>& cells, int columns, int width, int height,
                        int plane) {
    for (int y = 0; y < height; ++y)
      std::copy_n(cells.begin() + y * columns, width,
                  map.data + info.offset[plane] + y * info.stride[plane]);
  };
  const int half = picture.grid.columns / 2;
  copy(picture.luma, picture.grid.columns, size.width, size.height, 0);
  copy(picture.u, half, size.width / 2, size.height / 2, 1);
  copy(picture.v, half, size.width / 2, size.height / 2, 2);
  gst_buffer_unmap(frame.get(), &map);
  return frame;
}

}  // namespace

std::string picture_uri(const Signature& picture) {
  const Size size{picture.grid.columns / 2 * 2, picture.grid.rows / 2 * 2};
  if (size.width == 0 || size.height == 0) return {};
  const auto frame = frame_from(picture, size);
  const auto pixels = frame ? convert_frame(frame.get(), frame_info(size), srgb_info(kOpaque, size))
                            : GstPtr<GstBuffer>{};
  GstMapInfo map;
  if (!pixels || !gst_buffer_map(pixels.get(), &map, GST_MAP_READWRITE)) return {};
  SurfacePtr surface{cairo_image_surface_create_for_data(map.data, CAIRO_FORMAT_RGB24, size.width,
                                                         size.height, 4 * size.width)};
  const auto png = png_of(surface.get());
  surface.reset();
  gst_buffer_unmap(pixels.get(), &map);
  if (!png) return {};
  const GCharPtr text{g_base64_encode(reinterpret_cast<const guchar*>(png->data()), png->size())};
  return std::string{"data:image/png;base64,"} + text.get();
}

}  // namespace rostrum
