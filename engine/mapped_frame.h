// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/signature.h"

#include <gst/video/video.h>

namespace rostrum {

// A frame of I420 that is mapped to be read as long as the object lives.
class MappedFrame {
 public:
  MappedFrame(GstBuffer* buffer, const GstVideoInfo& info)
      : mapped_{gst_video_frame_map(&frame_, &info, buffer, GST_MAP_READ) == TRUE} {}
  ~MappedFrame() {
    if (mapped_) gst_video_frame_unmap(&frame_);
  }
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;

  bool mapped() const { return mapped_; }
  PictureView view() const {
    const auto plane = [&](int p) {
      return static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, p));
    };
    return {plane(0), plane(1), plane(2), GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, 0),
            GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, 1)};
  }

 private:
  GstVideoFrame frame_{};
  bool mapped_;
};

}  // namespace rostrum
