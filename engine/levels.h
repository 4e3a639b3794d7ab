// SPDX-License-Identifier: LGPL-2.1-or-later
// How loud each medium's sound is, window by window: what speaker detection decides from.
#pragma once

#include "core/loudness.h"
#include "core/media.h"
#include "core/result.h"
#include "core/timeline.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace rostrum {

// The level of each 0.1 s (kLevelWindow of core/speaker.h) of a medium from its first timestamp on:
// RMS over all samples of both channels, in tenths of dBFS (0 = a square wave at full scale),
// kSilentLevel at least. Whole tenths, so that a decision does not hang on the last bit of a
// decoder.
using Levels = std::vector<std::int16_t>;
inline constexpr std::int16_t kSilentLevel = -1200;
// Of a window that nobody asked for: as a power it is nothing.
inline constexpr std::int16_t kUnmeasured = std::numeric_limits<std::int16_t>::min();

// What one medium sounds like, window by window.
struct SoundLevels {
  Levels rms;
  Levels loudness;  // K-weighted (BS.1770), in tenths of LUFS; empty: not asked for
  Levels peaks;     // greatest sample, in tenths of dBFS; known when loudness is

  friend bool operator==(const SoundLevels&, const SoundLevels&) = default;
};

// What of a file is listened to, and for what.
struct Listening {
  bool loudness = false;        // also SoundLevels::loudness
  double high_pass = 0;         // Hz: loudness and peaks are those of what is above; 0 = of all
  bool mono = false;            // and those of the mean of both channels, as of one
  bool equal_channels = false;  // both channels are the same: one is measured
  SoundClock clock = {};        // by which the medium's sound is played
  std::optional<std::vector<Interval>> parts = std::nullopt;
};

// Decodes the sound of one file, at some hundred times real time: all of it, or the windows of
// `parts` (medium's time, in order, whole windows). A window's levels do not depend on what else is
// asked for. Holes and what cannot be decoded are silent. Kind::interrupted when stopped.
Result<SoundLevels> measure_levels(const std::string& path, Nanoseconds duration,
                                   const Listening& listening = {},
                                   const std::stop_token& stop = {});

// Whether any of some short pieces of a file, which begin at those times of the medium, is more
// than digital silence.  Stops at the first that is.  Kind::interrupted when stopped.
Result<bool> sounds_at(const std::string& path, const std::vector<Nanoseconds>& spots,
                       Nanoseconds length, const std::stop_token& stop = {});

// Of a finished film's sound, of one channel or two. Kind::interrupted when stopped.
Result<ProgrammeLoudness> measure_programme(const std::string& path, Nanoseconds duration,
                                            int channels, const std::stop_token& stop = {});

}  // namespace rostrum
