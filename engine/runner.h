// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a pipeline to its end: the first error wins, a stalled one is stopped, Ctrl-C ends it
// cleanly.
#pragma once

#include "core/plan.h"
#include "lib/gst_ptr.h"

#include <functional>
#include <vector>

namespace rostrum {

struct RunOptions {
  // Wall time without progress after which the run fails.
  Nanoseconds stall_timeout{60'000'000'000};
  // Called a few times a second from run()'s thread with how much of the slice is encoded.
  std::function<void(Nanoseconds done)> on_progress;
  // Name of the `identity` element whose buffers' PTS are the progress.
  const char* progress_element = "video-progress";  // or "audio-progress"
  // The beginning of the names of the bins whose errors are those of the video encoder.
  const char* encoder_bin = "video-encoder";
  // For an encoder with a device: called when the pipeline did not start and no element says why,
  // or the encoder says that it is busy.  It may serve as many as it can already.
  std::function<void()> on_refused = {};
};

struct RunResult {
  std::vector<Substitution> substitutions;  // as the elements reported them
};

// Plays until EOS.  The pipeline is in state NULL afterwards, whatever happened.
// Fails with Kind::encoder for an error of the video encoder, Kind::media for any other element's
// or a stall, Kind::interrupted on SIGINT or SIGTERM.
Result<RunResult> run_pipeline(GstElement* pipeline, const RunOptions& options);

}  // namespace rostrum
