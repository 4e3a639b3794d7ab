// SPDX-License-Identifier: LGPL-2.1-or-later
// The packets of one stream of HLS segments, as a muxer wants them.
#pragma once

#include "core/fetch/hls_plan.h"
#include "core/result.h"
#include "lib/gst_ptr.h"
#include "lib/guarded.h"
#include "remux/piece_reader.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace rostrum {

enum class StreamKind { video, audio };

class StreamReader {
 public:
  // Begins to read the first stream of that kind.  `in_band`: what a decoder has to know goes with
  // the packets, so that it may change on the way.
  static Result<std::unique_ptr<StreamReader>> open(const std::string& folder, const hls::Run& run,
                                                    StreamKind kind, bool in_band);
  ~StreamReader();
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  // Waits for the next packet, or for `stop`.  Null at the end, and where there is no such stream.
  Result<GstPtr<GstSample>> next(const std::atomic<bool>& stop);

 private:
  StreamReader(const std::string& folder, const hls::Run& run, StreamKind kind, bool in_band);
  Result<void> build(bool fragmented);
  static void feed(GstAppSrc* source, guint size, gpointer self);
  static void on_pad(GstElement* demuxer, GstPad* pad, gpointer self);
  static void on_all_pads(GstElement* demuxer, gpointer self);
  void take(GstPad* pad);
  bool link_parser(GstPad* pad);
  std::optional<Error> error();

  PieceReader pieces_;  // the source's thread only, once it runs
  const StreamKind kind_;
  const bool in_band_;
  GstPtr<GstElement> pipeline_;
  GstElement* sink_ = nullptr;           // owned by the pipeline
  bool linked_ = false;                  // the source's thread only
  std::atomic<bool> absent_ = false;     // there is no such stream
  Guarded<std::optional<Error>> fault_;  // any thread
};

// Whether the bytes that a run begins with are of fragmented MP4; else they are of a transport
// stream.  Kind::media when they are neither.
Result<bool> is_fragmented(mp4::View bytes);

}  // namespace rostrum
