// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a live track comes from: the `uri` of a track, rtsp:, rtsps:, srt:, v4l2: or test:.
// docs/live.md says what each may hold.
#pragma once

#include "core/timeline.h"

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace rostrum {

// A made source.
struct TestSource {
  std::string pattern = "smpte";                // of videotestsrc
  int width = 640;                              // even
  int height = 360;                             // even
  int rate = 25;                                // frames per second
  std::optional<double> tone = 440;             // Hz; absent: it has no sound
  double level = -20;                           // dBFS, RMS
  std::vector<Interval> talk = {};              // job time: when the tone sounds; empty: always
  std::optional<Nanoseconds> fails_after = {};  // so long after each time that it begins

  friend bool operator==(const TestSource&, const TestSource&) = default;
};

struct LiveSource {
  enum class Scheme { rtsp, srt, v4l2, test } scheme = Scheme::test;
  std::string uri;      // for GStreamer's source; "" for a made one
  std::string host;     // that is called, in lower case, an IPv6 address without its brackets; "" =
                        // none: a device, a made source, or one that waits for a caller
  std::string listens;  // the address at which it waits for a caller; "" = it does not
  std::string shown;    // the URI without passwords and keys, for messages
  TestSource test = {};

  bool uses_network() const { return scheme == Scheme::rtsp || scheme == Scheme::srt; }
  friend bool operator==(const LiveSource&, const LiveSource&) = default;
};

// The error is a clause with its cure.
tl::expected<LiveSource, std::string> parse_live_source(std::string_view uri);

// Whether the made source's tone sounds at a job time: while it talks, the first 0.8 s of each
// second, for what does not pause is taken for noise (docs/speaker.md).
bool sounds_at(const TestSource& source, Nanoseconds t);

// How long to wait before a lost source is tried again; `failures`: in a row, from 1 on.
Nanoseconds pause_before_retry(int failures);

}  // namespace rostrum
