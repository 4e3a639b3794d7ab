// SPDX-License-Identifier: LGPL-2.1-or-later
// A live job into chunks, and chunks into one film.
#pragma once

#include "core/chunk_job.h"
#include "core/timeline.h"
#include "engine/live_graph.h"

#include <cstdint>
#include <stop_token>
#include <string>

namespace rostrum {

struct RecordingTarget {
  std::string folder;  // of the chunks: what record_pattern() says
  Nanoseconds chunk{0};
};

// Where the chunks of a recording lie; beside it the journal of chunksink.
std::string record_pattern(const std::string& folder);

// The graph, encoders, and chunksink, which asks for key frames; by the system's clock.
Result<GstPtr<GstElement>> make_recording(const LiveGraph& graph, const PictureCoding& coding,
                                          const RecordingTarget& target);

struct RecordedFilm {
  std::int64_t frames = 0;
  std::int64_t samples = 0;
  Nanoseconds length{0};
};

// Writes `out`, the film that the folder's whole chunks make, without encoding anything anew.
// Kind::media where there is none, or one is missing or damaged; else as assemble_mp4().
Result<RecordedFilm> join_recording(const std::string& folder, const std::string& title,
                                    const std::string& out, const std::stop_token& stop = {});

}  // namespace rostrum
