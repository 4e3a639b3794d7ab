// SPDX-License-Identifier: LGPL-2.1-or-later
// What has to be known of all runs before the first packet can be placed.
#pragma once

#include "core/fetch/hls_clock.h"
#include "core/fetch/hls_plan.h"
#include "core/result.h"
#include "remux/stream_reader.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rostrum {

struct RunFacts {
  const hls::Run* run = nullptr;
  hls::RunTimes times;
  Nanoseconds edit_of_video{0};  // by how much its own edit list moves the stream
  Nanoseconds edit_of_audio{0};
  bool video = false;  // whether it has such a stream
  bool audio = false;

  bool has(StreamKind kind) const { return kind == StreamKind::video ? video : audio; }
  Nanoseconds edit(StreamKind kind) const {
    return kind == StreamKind::video ? edit_of_video : edit_of_audio;
  }
};

// When a packet is decoded and shown by its demuxer.
hls::PacketTimes times_of(GstBuffer* buffer);

// Of those runs that hold a picture or sound.  `on_look` is called after each.
Result<std::vector<RunFacts>> look_at_runs(const std::string& folder,
                                           const std::vector<hls::Run>& runs,
                                           const std::function<void()>& on_look);

std::vector<hls::RunTimes> times_of(const std::vector<RunFacts>& runs);

}  // namespace rostrum
