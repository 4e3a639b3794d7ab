// SPDX-License-Identifier: LGPL-2.1-or-later
// What an encoder is given, against what is in the file that it made.
#pragma once

#include "core/result.h"
#include "core/signature.h"
#include "lib/gst_ptr.h"
#include "lib/guarded.h"

#include <gst/video/video.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

class PictureWitness {
 public:
  // Looks coarsely at every frame that goes into the pipeline's kVideoEncoderBin.
  explicit PictureWitness(GstElement* pipeline);
  ~PictureWitness();
  PictureWitness(const PictureWitness&) = delete;
  PictureWitness& operator=(const PictureWitness&) = delete;

  // Since the first frame went in.
  double seconds() const;
  // Decodes the file on the processor.  Kind::encoder, "wrong output: …", unless the same frames
  // come out: as many, and each like the one that went in.
  Result<void> check(const std::string& path) const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Seen {
    std::vector<Signature> frames;
    std::optional<Clock::time_point> first;
  };

  static GstPadProbeReturn on_frame(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  GstPtr<GstPad> pad_;
  gulong probe_ = 0;
  mutable Guarded<Seen> seen_;  // written by the streaming thread
};

}  // namespace rostrum
