// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes a decoded picture what the timeline shows: I420, BT.709, square pixels, upright, fitted
// into the size that is wanted.
#pragma once

#include "core/colors.h"
#include "core/layout.h"
#include "engine/color_matrix.h"
#include "lib/gst_ptr.h"

#include <gst/video/video.h>

#include <memory>
#include <optional>

namespace rostrum {

// The size at which a picture of these caps is to be seen, even; 0x0 for caps that are no picture.
Size display_size(const GstCaps* caps, GstVideoOrientationMethod orientation);

// The colours of a picture of these caps, with what it is taken for where they do not say it; with
// `colors` by that matrix, whatever they say.
GstVideoColorimetry picture_colors(const GstCaps* caps, Colors colors = Colors::own);

class FrameFitter {
 public:
  FrameFitter() = default;
  ~FrameFitter();
  FrameFitter(const FrameFitter&) = delete;
  FrameFitter& operator=(const FrameFitter&) = delete;

  // The sample's picture in a buffer of its own (from a pool; no times set) of `box` pixels, or of
  // its display size when `box` is 0x0; where its aspect differs the rest is black, unless it is to
  // cover or to be stretched.  Null when the picture cannot be read.
  GstPtr<GstBuffer> fit(GstSample* sample, GstVideoOrientationMethod orientation, Size box,
                        Fit how = Fit::contain, Colors colors = Colors::own);
  // Black of that size, even.  One buffer for all: do not write to it.
  GstPtr<GstBuffer> black(Size size);

 private:
  struct FreeConverter {
    void operator()(GstVideoConverter* c) const { gst_video_converter_free(c); }
  };
  bool prepare(GstCaps* caps, GstVideoOrientationMethod orientation, Size box, Fit how,
               Colors colors);
  void place_picture(Size box);
  void prepare_color();
  void prepare_converter();
  GstPtr<GstBuffer> acquire(Size size);
  void drop_pool();
  void turn(GstVideoFrame* to);

  // What all below is made for.
  GstPtr<GstCaps> caps_;
  GstVideoOrientationMethod orientation_ = GST_VIDEO_ORIENTATION_IDENTITY;
  Size wanted_;
  Fit how_ = Fit::contain;
  Colors colors_ = Colors::own;

  GstVideoInfo in_{};
  GstVideoInfo scaled_{};  // what the converter makes: before turning and the matrix
  Size box_;
  Rect rect_;    // of the picture in the box
  Rect source_;  // what of the decoded picture is seen
  std::unique_ptr<GstVideoConverter, FreeConverter> converter_;
  std::optional<ColorMatrix> matrix_;
  GstPtr<GstBuffer> unturned_;  // only for pictures that have to be turned
  GstBufferPool* pool_ = nullptr;
  Size pool_size_;
  GstPtr<GstBuffer> black_;
  Size black_size_;
};

// The caps of all pictures of this size that FrameFitter makes.
GstPtr<GstCaps> fitted_caps(Size size, Fraction rate);

}  // namespace rostrum
