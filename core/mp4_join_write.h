// SPDX-License-Identifier: LGPL-2.1-or-later
// The movie box of a film whose samples are known: see mp4_join.h.
#pragma once

#include "core/avc.h"
#include "core/mp4_join.h"
#include "core/mp4_movie.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace rostrum::mp4 {

// One sample of the film.  Three hours have three quarters of a million of them.
struct Joined {
  std::uint64_t offset = 0;  // in its part's file
  std::uint32_t size = 0;
  std::uint32_t part = 0;
  std::int32_t composition = 0;
  bool sync = true;
};

// A track of the film in the making.
struct JoinedTrack {
  Bytes trak;  // of the first part: the template
  Bytes stsd;
  std::uint32_t timescale = 0;
  std::uint32_t movie_timescale = 0;
  std::uint32_t duration = 0;  // of each sample; of held pictures of a frame
  std::uint32_t last_duration = 0;
  bool sound = false;
  std::int64_t delay = 0;  // of presentation, so that no picture is shown before it is decoded
  std::vector<Joined> samples;
  // The frame of each picture in order of presentation, and their end; empty unless any is held.
  std::vector<std::int64_t> frames;
  std::vector<std::int64_t> decoded;      // likewise: when each sample is, in frames
  std::vector<std::uint32_t> parameters;  // of each part: bytes of parameter units; empty: none
  std::vector<avc::Config> configs;       // of H.264: of each part
  bool alike = true;                      // all parts are coded alike
  // Output chunks: first sample of each, and where it stands in the payload.
  std::vector<std::uint32_t> chunk_first;
  std::vector<std::uint64_t> chunk_offset;

  std::uint64_t length() const {
    if (!frames.empty()) return std::uint64_t{duration} * static_cast<std::uint64_t>(frames.back());
    return std::uint64_t{duration} * (samples.size() - 1) + last_duration;
  }

  // First sample at or after this many seconds of decoding time.
  std::size_t sample_at(std::uint64_t second) const {
    const auto unit = (second * timescale + duration - 1) / duration;
    if (frames.empty()) return std::min<std::size_t>(samples.size(), unit);
    const auto at =
        std::lower_bound(decoded.begin(), decoded.end(), static_cast<std::int64_t>(unit));
    return static_cast<std::size_t>(at - decoded.begin());
  }

  // Bytes of parameter units before the sample.
  std::uint32_t added(const Joined& s) const {
    return s.sync && !parameters.empty() ? parameters[s.part] : 0;
  }
};

// All but what is said of samples comes from `first_moov` and the tracks' templates.
JoinedMovie write_movie(std::vector<JoinedTrack> tracks, View first_moov);

}  // namespace rostrum::mp4
