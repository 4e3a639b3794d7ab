// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/film_thumbnails.h"

#include "engine/components.h"
#include "engine/film_frames.h"
#include "engine/picture_canvas.h"
#include "lib/bus_error.h"

#include <gst/app/gstappsrc.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>

namespace rostrum {

namespace {

constexpr GstClockTime kMostWait = 60 * GST_SECOND;

// As JPEG has it (JFIF 1.02): BT.601 of full range.
GstVideoInfo jpeg_info(Size size) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  gst_video_colorimetry_from_string(&info.colorimetry, "1:4:7:1");
  return info;
}

// A film is always BT.709, also where its decoder does not say so.
GstPtr<GstBuffer> scaled(GstBuffer* frame, GstVideoInfo from, Size size) {
  gst_video_colorimetry_from_string(&from.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  return convert_frame(frame, from, jpeg_info(size));
}

Result<void> write_jpeg(GstBuffer* picture, Size size, const std::string& path) {
  if (!adopt(gst_element_factory_find("jpegenc")))
    return fail(Kind::missing_component, missing_element("jpegenc"));
  const auto pipeline = retain(gst_parse_launch(
      "appsrc name=in format=time ! jpegenc quality=88 ! filesink name=out", nullptr));
  const auto in = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
  const auto out = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  auto info = jpeg_info(size);
  info.fps_n = 0;
  info.fps_d = 1;
  const auto caps = adopt(gst_video_info_to_caps(&info));
  g_object_set(in.get(), "caps", caps.get(), nullptr);
  g_object_set(out.get(), "location", path.c_str(), nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  GST_BUFFER_PTS(picture) = 0;
  gst_app_src_push_buffer(GST_APP_SRC(in.get()), gst_buffer_ref(picture));
  gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
  const auto bus = adopt(gst_element_get_bus(pipeline.get()));
  const auto message = adopt(gst_bus_timed_pop_filtered(
      bus.get(), kMostWait, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (message && GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return {};
  if (!message) return fail(Kind::internal, path + ": encoding it came to a standstill");
  const auto error = error_of(message.get());
  return fail(Kind::usage, path + ": cannot be written: " + describe_error(error.get()));
}

// A sheet in the making.
class Sheet {
 public:
  explicit Sheet(Size size) : size_{size}, info_{jpeg_info(size)} {
    picture_ = adopt(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info_), nullptr));
    gst_buffer_memset(picture_.get(), 0, 0, GST_VIDEO_INFO_PLANE_OFFSET(&info_, 1));
    const auto luma = GST_VIDEO_INFO_PLANE_OFFSET(&info_, 1);
    gst_buffer_memset(picture_.get(), luma, 0x80, GST_VIDEO_INFO_SIZE(&info_) - luma);
  }

  bool put(GstBuffer* tile, const Rect& place) {
    const auto from = jpeg_info({place.width, place.height});
    GstMapInfo in;
    GstMapInfo out;
    if (!tile || !gst_buffer_map(tile, &in, GST_MAP_READ)) return false;
    const bool mapped = gst_buffer_map(picture_.get(), &out, GST_MAP_WRITE);
    for (int plane = 0; mapped && plane < 3; ++plane) copy(plane, in.data, from, out.data, place);
    if (mapped) gst_buffer_unmap(picture_.get(), &out);
    gst_buffer_unmap(tile, &in);
    return mapped;
  }

  Result<void> write(const std::string& path) const {
    return write_jpeg(picture_.get(), size_, path);
  }

 private:
  void copy(int plane, const guint8* in, const GstVideoInfo& from, guint8* out,
            const Rect& place) const {
    const int part = plane == 0 ? 1 : 2;
    for (int y = 0; y < place.height / part; ++y)
      std::memcpy(
          out + info_.offset[plane] + (place.y / part + y) * info_.stride[plane] + place.x / part,
          in + from.offset[plane] + y * from.stride[plane],
          static_cast<std::size_t>(place.width / part));
  }

  Size size_;
  GstVideoInfo info_;
  GstPtr<GstBuffer> picture_;
};

// What is to become of a frame.
struct Want {
  std::int64_t frame = 0;
  std::function<Result<void>(GstBuffer*, const GstVideoInfo&)> take;
};

class SheetWriter {
 public:
  explicit SheetWriter(const SheetFiles& files) : files_{files} {}

  Result<void> take(std::size_t i, GstBuffer* frame, const GstVideoInfo& info) {
    const auto& sheets = files_.sheets;
    const auto n = i / (kThumbnailColumns * kThumbnailRows);
    if (!sheet_) sheet_.emplace(sheets.size_of(n));
    if (!sheet_->put(scaled(frame, info, sheets.tile).get(), sheets.place_of(i)))
      return fail(Kind::internal, files_.paths[n] + ": a picture of the film cannot be scaled");
    if (++taken_ < sheets.pictures_of(n)) return {};
    auto done = sheet_->write(files_.paths[n]);
    sheet_.reset();
    taken_ = 0;
    return done;
  }

 private:
  const SheetFiles& files_;
  std::optional<Sheet> sheet_;
  std::size_t taken_ = 0;
};

Result<void> write_picture(const PictureFile& file, GstBuffer* frame, const GstVideoInfo& info) {
  const auto picture = scaled(frame, info, file.size);
  if (!picture) return fail(Kind::internal, file.path + ": the picture cannot be scaled");
  return write_jpeg(picture.get(), file.size, file.path);
}

}  // namespace

Result<void> write_thumbnails(const std::string& film, const FrameGrid& grid,
                              const std::vector<SheetFiles>& sheets,
                              const std::vector<PictureFile>& pictures,
                              const std::stop_token& stop) {
  std::vector<Want> wants;
  std::vector<SheetWriter> writers{sheets.begin(), sheets.end()};
  for (std::size_t s = 0; s < sheets.size(); ++s)
    for (std::size_t i = 0; i < sheets[s].sheets.times.size(); ++i)
      wants.push_back({frame_shown_at(grid, sheets[s].sheets.times[i]),
                       [&writer = writers[s], i](GstBuffer* frame, const GstVideoInfo& info) {
                         return writer.take(i, frame, info);
                       }});
  for (const auto& picture : pictures)
    wants.push_back({picture.frame, [&](GstBuffer* frame, const GstVideoInfo& info) {
                       return write_picture(picture, frame, info);
                     }});
  std::stable_sort(wants.begin(), wants.end(),
                   [](const Want& a, const Want& b) { return a.frame < b.frame; });
  std::vector<std::int64_t> frames;
  for (const auto& want : wants) frames.push_back(want.frame);
  return see_frames(
      film, grid, frames,
      [&](std::size_t index, GstBuffer* frame, const GstVideoInfo& info) {
        return wants[index].take(frame, info);
      },
      stop);
}

}  // namespace rostrum
