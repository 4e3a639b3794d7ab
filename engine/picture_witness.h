// SPDX-License-Identifier: LGPL-2.1-or-later
// What an encoder is given, against what is in the file that it made.
#pragma once

#include "core/result.h"
#include "core/signature.h"
#include "engine/render_pipeline.h"
#include "lib/gst_ptr.h"
#include "lib/guarded.h"

#include <gst/video/video.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rostrum {

class PictureWitness {
 public:
  // Looks coarsely at every frame that goes into the pipeline's bin of that name.
  explicit PictureWitness(GstElement* pipeline, const std::string& encoder_bin = kVideoEncoderBin);
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

// Of a chunk and its renditions.
class PictureWitnesses {
 public:
  // `pipeline`: that of the job.
  PictureWitnesses(GstElement* pipeline, const ChunkJob& job);

  // Since the first frame went in.
  double seconds() const { return witnesses_.front().first->seconds(); }
  // Each against its file.
  Result<void> check() const;

 private:
  std::vector<std::pair<std::unique_ptr<PictureWitness>, std::string>> witnesses_;
};

}  // namespace rostrum
