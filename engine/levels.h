// SPDX-License-Identifier: LGPL-2.1-or-later
// How loud each medium's sound is, window by window: what speaker detection decides from.
#pragma once

#include "core/listening.h"
#include "core/loudness.h"
#include "core/media.h"
#include "core/result.h"
#include "core/timeline.h"

#include <cstdint>
#include <functional>
#include <limits>
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

// How many windows begin before that time of a medium.
std::size_t windows_before(Nanoseconds t);

// What one medium sounds like, window by window.
struct SoundLevels {
  Levels rms;
  Levels loudness;  // K-weighted (BS.1770), in tenths of LUFS; empty: not asked for
  Levels peaks;     // greatest sample, in tenths of dBFS; known when loudness is

  friend bool operator==(const SoundLevels&, const SoundLevels&) = default;
};

// Decodes the sound of one file, at some hundred times real time: all of it, or the windows of
// `parts` (medium's time, in order, whole windows). A window's levels do not depend on what else is
// asked for. Holes and what cannot be decoded are silent. `on_position` is told now and then how
// far it is.
SoundLevels measure_levels(const std::string& path, Nanoseconds duration,
                           const Listening& listening = {},
                           const std::function<void(Nanoseconds)>& on_position = {});

// Of a finished film's sound, of one channel or two. Kind::interrupted when stopped.
Result<ProgrammeLoudness> measure_programme(const std::string& path, Nanoseconds duration,
                                            int channels, const std::stop_token& stop = {});

}  // namespace rostrum
